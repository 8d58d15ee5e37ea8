package io.pfagent.jvm;

import java.nio.charset.StandardCharsets;

/**
 * Methods of which each has one caller and calls at one line: the innermost of them tells all
 * others that are on the stack, at whatever moment one looks.
 */
final class Ladder {

  private interface Rung {
    long step(long value);
  }

  private final Rung rung = this::fifth;
  private final char[] characters =
      "to be compressed, searched and compared ".repeat(8).toCharArray();
  private Object last;
  private StackTraceElement[] steps = {};

  /** From the bottom of the ladder up, once. */
  long climb(long value) {
    return 1 + first(value);
  }

  /** What a look at the innermost method's stack tells; empty before the first climb. */
  StackTraceElement[] steps() {
    return steps;
  }

  /** Of no meaning; keeps the compilers from leaving work out. */
  Object last() {
    return last;
  }

  private long first(long value) {
    return value ^ second(value, 1, 2.0, "3", 4, 5.0f, 6, 7L, (byte) 8);
  }

  @SuppressWarnings("TooManyParameters")
  private long second(
      long value, int a, double b, String c, int d, float e, int f, long g, byte h) {
    double sum = a + b + c.length() + d + e + f + g + h;
    return third(value) + (long) sum;
  }

  private synchronized long third(long value) {
    return fourth(value) - 1;
  }

  private long fourth(long value) {
    return rung.step(value + 1);
  }

  private long fifth(long value) {
    try {
      return sixth(value);
    } finally {
      last = null;
    }
  }

  private static long halves(long value) {
    return value % 2 == 0 ? value / 2 : value;
  }

  private long sixth(long value) {
    long half = halves(value);
    return seventh(half) * 31;
  }

  private long seventh(long value) {
    last = new long[(int) (value & 7)];
    return value + eighth(value);
  }

  private long eighth(long value) {
    if (steps.length == 0) {
      steps = new Throwable().getStackTrace();
    }
    last = Long.toString(value);
    return System.nanoTime() - value + intrinsics();
  }

  /** What HotSpot has instructions of its own for; some keep a register on the stack meanwhile. */
  private int intrinsics() {
    String text = new String(characters);
    last = text.toCharArray();
    return text.indexOf("and nothing") + text.getBytes(StandardCharsets.ISO_8859_1).length;
  }
}
