// SPDX-License-Identifier: GPL-2.0

import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Prints the nanoseconds that {@code allocateDirect} takes with 1 and with 16 pages per fault: the
 * median of rounds that take turns, in one process, so that whatever slows the machine down meets
 * both. Each buffer is freed before the next one is allocated, outside the measured time.
 *
 * <p>Arguments: bytes, rounds, a name for the lines.
 */
final class AllocateDirect {

  private static final int[] PAGES = {1, 16};

  /** Code is compiled, and memory had from the host, before anything counts. */
  private static final int WARM_UP_ROUNDS = 2;

  private AllocateDirect() {}

  private static native int setPagesPerFault(int pages);

  public static void main(String[] arguments) {
    System.load(System.getProperty("user.dir") + "/libpages_per_fault.so");
    int bytes = Integer.parseInt(arguments[0]);
    int rounds = Integer.parseInt(arguments[1]);
    long[][] nanos = new long[PAGES.length][rounds];
    for (int round = -WARM_UP_ROUNDS; round < rounds; round++) {
      for (int i = 0; i < PAGES.length; i++) {
        long taken = allocate(bytes, PAGES[i]);
        if (round >= 0) {
          nanos[i][round] = taken;
        }
      }
    }
    for (int i = 0; i < PAGES.length; i++) {
      Arrays.sort(nanos[i]);
      System.out.printf("java\t%s\t%d\t%d%n", arguments[2], PAGES[i], nanos[i][rounds / 2]);
    }
  }

  private static long allocate(int bytes, int pages) {
    if (setPagesPerFault(pages) != 0) {
      throw new IllegalStateException("multi_page_alloc(" + pages + ") failed");
    }
    long start = System.nanoTime();
    ByteBuffer buffer = ByteBuffer.allocateDirect(bytes);
    long nanos = System.nanoTime() - start;
    if (buffer.get(bytes - 1) != 0) {
      throw new IllegalStateException("the buffer isn't zero");
    }
    setPagesPerFault(1);
    buffer = null;
    awaitFreed();
    return nanos;
  }

  /** The collector finds the buffer unused; a thread of the JDK frees it soon after. */
  private static void awaitFreed() {
    BufferPoolMXBean direct =
        ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
            .filter(pool -> pool.getName().equals("direct"))
            .findFirst()
            .orElseThrow();
    System.gc();
    while (direct.getMemoryUsed() > 0) {
      Thread.yield();
    }
  }
}
