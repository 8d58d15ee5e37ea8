package io.pfagent.benchmarks;

import java.nio.ByteBuffer;

/**
 * Allocates a direct buffer, which the JDK zeroes and so touches all of, and frees it, again and
 * again; prints the nanoseconds of each allocation, a line each.
 *
 * <p>The first rounds are not printed: the code is not compiled then, and on a virtual machine the
 * memory below may be touched for the first time itself.
 */
public final class FirstTouch {

  private static final int WARM_UP_ROUNDS = 5;

  private FirstTouch() {}

  /** Takes the bytes of the buffer and how many allocations to print. */
  public static void main(String[] args) throws Throwable {
    if (args.length != 2) {
      System.err.println("usage: FirstTouch BYTES ROUNDS");
      System.exit(2);
    }
    int bytes = Integer.parseInt(args[0]);
    int rounds = Integer.parseInt(args[1]);
    long[] nanos = new long[WARM_UP_ROUNDS + rounds];
    for (int round = 0; round < nanos.length; round++) {
      long start = System.nanoTime();
      ByteBuffer buffer = ByteBuffer.allocateDirect(bytes);
      nanos[round] = System.nanoTime() - start;
      OffHeap.free(buffer);
    }
    for (int round = WARM_UP_ROUNDS; round < nanos.length; round++) {
      System.out.println(nanos[round]);
    }
  }
}
