package io.pfagent.app;

import java.nio.ByteBuffer;

/** Allocates direct buffers below so many frames that a small copy of the stack can't hold them. */
final class RecurseDeep {

  private static final int BYTES = 256 << 10;
  private static final int DEPTH = 200;

  private RecurseDeep() {}

  /** Argument: milliseconds. */
  public static void main(String[] args) {
    long nanos = Long.parseLong(args[0]) * 1_000_000;
    long begin = System.nanoTime();
    long sum = 0;
    while (System.nanoTime() - begin < nanos) {
      sum += recurse(DEPTH);
    }
    System.out.println(sum);
  }

  private static long recurse(int depth) {
    return depth == 0 ? ByteBuffer.allocateDirect(BYTES).capacity() : 1 + recurse(depth - 1);
  }
}
