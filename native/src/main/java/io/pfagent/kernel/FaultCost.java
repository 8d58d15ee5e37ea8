package io.pfagent.kernel;

import com.sun.jna.Pointer;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Calibrates what one minor fault of anonymous memory costs on this machine.
 *
 * <p>A sample maps fresh pages, stores one byte into each, and does so once more: the first pass
 * faults, the second has all costs but the fault. The median sample counts, as memory that the
 * guest of a virtual machine never touched before is ten times as dear, once.
 */
public final class FaultCost {

  private static final int PAGES = 256;
  private static final int MOST_SAMPLES = 7;
  private static final int FEWEST_SAMPLES = 3;
  private static final long ENOUGH_NANOS = TimeUnit.MICROSECONDS.toNanos(1500);

  private FaultCost() {}

  /**
   * Measures for some 2 ms. Do so before preallocation is on, or a fault brings several pages.
   *
   * @return the cost of one fault of one base page; empty where memory cannot be mapped
   */
  public static Optional<Cost> anonymousMinorFault() {
    if (!LibC.AVAILABLE) {
      return Optional.empty();
    }
    long[] samples = new long[MOST_SAMPLES];
    int taken = 0;
    long start = System.nanoTime();
    while (taken < MOST_SAMPLES
        && (taken < FEWEST_SAMPLES || System.nanoTime() - start < ENOUGH_NANOS)) {
      long nanosPerPage = sample();
      if (nanosPerPage < 0) {
        return Optional.empty();
      }
      samples[taken++] = nanosPerPage;
    }
    Arrays.sort(samples, 0, taken);
    return Optional.of(
        new Cost("anonymous-minor-fault", PAGES, "sequential", samples[taken / 2], taken));
  }

  /** Nanoseconds per fault, or -1 if memory cannot be mapped. */
  private static long sample() {
    long pageSize = LibC.pageSize();
    long length = PAGES * pageSize;
    long address = LibC.mmap(0, length, LibC.PROT_READ_WRITE, LibC.MAP_PRIVATE_ANONYMOUS, -1, 0);
    if (address == LibC.MAP_FAILED) {
      return -1;
    }
    try {
      // Fails only on kernels without huge pages, where it is not needed.
      LibC.madvise(address, length, LibC.MADV_NOHUGEPAGE);
      Pointer memory = new Pointer(address);
      long start = System.nanoTime();
      touch(memory, length, pageSize);
      long faulted = System.nanoTime();
      touch(memory, length, pageSize);
      long touched = System.nanoTime();
      return Math.max(0, (faulted - start) - (touched - faulted)) / PAGES;
    } finally {
      LibC.munmap(address, length);
    }
  }

  private static void touch(Pointer memory, long length, long pageSize) {
    for (long offset = 0; offset < length; offset += pageSize) {
      memory.setByte(offset, (byte) 1);
    }
  }
}
