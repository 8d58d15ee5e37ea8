package io.pfagent.jvm;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;

/**
 * Small methods that all end up inlined into one, and fault there at instructions that are no
 * calls: where debug information is poorest. A touch's number tells which of them made it.
 */
final class InlinedTops {

  static final int METHODS = 6;

  private static final MethodHandle PUT = unsafe("putByte", void.class, long.class, byte.class);
  private static final MethodHandle GET = unsafe("getLong", long.class, long.class);

  private final long region;
  private final int pageBytes;
  private long sum;

  InlinedTops(long region, int pageBytes) {
    this.region = region;
    this.pageBytes = pageBytes;
  }

  /** The name of the method that makes a touch. */
  static String nameOf(int touch) {
    return switch (touch % METHODS) {
      case 0 -> "store";
      case 1 -> "load";
      case 2 -> "storeSum";
      case 3 -> "loadTwice";
      case 4 -> "storeIfEven";
      default -> "loadBelow";
    };
  }

  /** Of no meaning; keeps the compilers from leaving work out. */
  long sum() {
    return sum;
  }

  /** Touches some pages, one after another. */
  void touch(int from, int to) throws Throwable {
    for (int i = from; i < to; i++) {
      touch(i);
    }
  }

  private void touch(int number) throws Throwable {
    long address = region + (long) number * pageBytes;
    switch (number % METHODS) {
      case 0 -> store(address);
      case 1 -> load(address);
      case 2 -> storeSum(address);
      case 3 -> loadTwice(address);
      case 4 -> storeIfEven(address);
      default -> below(address);
    }
  }

  private void store(long address) throws Throwable {
    PUT.invokeExact(address, (byte) 1);
    sum++;
  }

  private void load(long address) throws Throwable {
    sum += (long) GET.invokeExact(address);
  }

  private void storeSum(long address) throws Throwable {
    sum = sum * 31 + address;
    PUT.invokeExact(address, (byte) sum);
  }

  private void loadTwice(long address) throws Throwable {
    sum ^= (long) GET.invokeExact(address) + (long) GET.invokeExact(address + 8);
  }

  private void storeIfEven(long address) throws Throwable {
    if (address % 2 == 0) {
      PUT.invokeExact(address, (byte) 3);
    }
  }

  private void below(long address) throws Throwable {
    sum++;
    loadBelow(address);
    sum--;
  }

  private void loadBelow(long address) throws Throwable {
    sum -= (long) GET.invokeExact(address + 16);
  }

  /** {@code sun.misc.Unsafe}, by name: javac warns about every mention of the class. */
  private static MethodHandle unsafe(String name, Class<?> result, Class<?>... parameters) {
    try {
      Class<?> unsafe = Class.forName("sun.misc.Unsafe");
      Field instance = unsafe.getDeclaredField("theUnsafe");
      instance.setAccessible(true);
      return MethodHandles.lookup()
          .bind(instance.get(null), name, MethodType.methodType(result, parameters));
    } catch (ReflectiveOperationException impossible) {
      throw new LinkageError("sun.misc.Unsafe." + name, impossible);
    }
  }
}
