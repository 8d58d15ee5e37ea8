package io.pfagent.prealloc;

import io.pfagent.account.Region;

/**
 * Estimates what of a region is resident and unused, at a cost that doesn't grow with it: of a
 * large one, {@value #RANGES} ranges at equal distances stand for all, 128 MB together.
 */
final class Waste {

  private static final int RANGES = 8;
  private static final long RANGE_BYTES = 16L << 20;

  /** The most that is looked at. */
  static final long MOST_BYTES = RANGES * RANGE_BYTES;

  private Waste() {}

  /** Bytes, -1 if unknown. For one thread. */
  static long bytesIn(Region region, PageView view) {
    if (region.size() <= MOST_BYTES) {
      return view.unusedBytes(region.address(), region.size());
    }
    long distance = (region.size() - RANGE_BYTES) / (RANGES - 1);
    long unused = 0;
    for (int range = 0; range < RANGES; range++) {
      long found = view.unusedBytes(region.address() + range * distance, RANGE_BYTES);
      if (found < 0) {
        return -1;
      }
      unused += found;
    }
    return Math.round((double) unused / MOST_BYTES * region.size());
  }
}
