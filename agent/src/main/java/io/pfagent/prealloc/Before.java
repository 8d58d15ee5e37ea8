package io.pfagent.prealloc;

import io.pfagent.account.AccessPattern;
import io.pfagent.account.Region;
import io.pfagent.kernel.Residency;

/**
 * What was seen of a region's pages before a step was given.
 *
 * @param use the pages that sampled faults lie between
 * @param faultsPerPage that these pages took, used or not, at least 1
 */
record Before(PageUse use, double faultsPerPage) {

  /** The end of what was touched stands for all of it: half a millisecond, or less. */
  private static final long MOST_BYTES = 128L << 20;

  /** One to read a page that nobody had written, and one to write it. */
  private static final double MOST_FAULTS = 2;

  /** Standard deviations that are chance, of samples that each stand for as many faults. */
  private static final double CHANCE = 3;

  /** Nobody has touched it: a page would take a fault. */
  static Before untouched(long pageBytes) {
    return new Before(new PageUse(pageBytes, 0, 0), 1);
  }

  /** Looks at what was touched; for one thread. */
  static Before of(Region region, long pageBytes, PageView view) {
    AccessPattern pattern = region.pattern();
    long to = pattern.highest() + pageBytes;
    long bytes = Math.min(MOST_BYTES, to - pattern.lowest());
    long address = region.address() + to - bytes;
    Residency residency = view.residency(address, bytes);
    long unused = view.unusedBytes(address, bytes);
    PageUse use =
        new PageUse(residency.residentBytes(), residency.hugeBytes(), Math.max(0, unused));
    if (use.residentBytes() <= 0) {
      return untouched(pageBytes);
    }
    double faults = (double) pattern.sampledFaults() * bytes / (to - pattern.lowest());
    double pages = (double) use.residentBytes() / pageBytes;
    return new Before(use, faultsPerPage(faults / pages, pattern.samples()));
  }

  /**
   * Few samples tell little: what is near 1 is 1. Less can't be: whoever raised it, in the kernel
   * or before sampling began, a base page takes one.
   */
  private static double faultsPerPage(double seen, long samples) {
    return seen <= 1 + CHANCE / Math.sqrt((double) samples) ? 1 : Math.min(MOST_FAULTS, seen);
  }
}
