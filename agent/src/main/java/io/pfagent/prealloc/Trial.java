package io.pfagent.prealloc;

import java.util.Arrays;
import java.util.Locale;

/**
 * Tries preallocation on allocations of one kind, every second one without, until there are enough
 * of both; then the medians decide. Begins with: what is touched in order as a whole gains by it
 * nearly everywhere. Any thread may allocate.
 */
final class Trial {

  private static final int ROUNDS = 3;
  private static final int PAGE_BYTES = 4096;

  /** Less of a gain is noise. */
  private static final double WORTH_IT = 0.95;

  private final double[] with = new double[ROUNDS];
  private final double[] without = new double[ROUNDS];
  private int begun;
  private int withCount;
  private int withoutCount;
  private boolean decided;
  private boolean kept;

  /** Whether the next allocation is to be advised. */
  synchronized boolean nextIsAdvised() {
    return decided ? kept : begun++ % 2 == 0;
  }

  /**
   * An allocation was measured.
   *
   * @param nanosPerByte from before its first touch until its end
   * @return true once: when this one has decided
   */
  synchronized boolean measured(boolean advised, double nanosPerByte) {
    if (decided) {
      return false;
    }
    if (advised && withCount < ROUNDS) {
      with[withCount++] = nanosPerByte;
    } else if (!advised && withoutCount < ROUNDS) {
      without[withoutCount++] = nanosPerByte;
    }
    decided = withCount == ROUNDS && withoutCount == ROUNDS;
    kept = decided && median(with) <= WORTH_IT * median(without);
    return decided;
  }

  synchronized boolean isKept() {
    return kept;
  }

  /** What was measured, and what follows. */
  synchronized String describe() {
    return String.format(
        Locale.ROOT,
        "%.0f ns per 4 kB with, %.0f without: %s",
        median(with) * PAGE_BYTES,
        median(without) * PAGE_BYTES,
        kept ? "kept" : "taken back");
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[ROUNDS / 2];
  }
}
