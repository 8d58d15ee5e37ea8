package io.pfagent.report;

import java.util.Arrays;
import java.util.Locale;

/**
 * The same work on both sides of a change.
 *
 * @param outcome what may be said of its time
 * @param ratio how many times as long it took before; NaN without a verdict
 * @param before nanoseconds per unit of work, settled; null if there are none
 * @param after the same
 */
record Comparison(
    Work work,
    WorkSide sideBefore,
    WorkSide sideAfter,
    Outcome outcome,
    double ratio,
    Spread before,
    Spread after) {

  /** With fewer on a side there is no verdict. */
  static final int MIN_SETTLED = 5;

  /** A difference below one in twenty is not worth a word, even if it is no chance. */
  private static final double MIN_RATIO = 1.05;

  /** What may be said of the time that a work takes. */
  enum Outcome {
    FASTER,
    SLOWER,
    NO_DIFFERENCE,
    TOO_FEW,
    CHANGED_BEFORE
  }

  static Comparison of(Work work, WorkSide before, WorkSide after) {
    double[] earlier = before.settledNanosPerUnit();
    double[] later = after.settledNanosPerUnit();
    Spread spreadBefore = Spread.of(earlier);
    Spread spreadAfter = Spread.of(later);
    Outcome outcome = outcome(earlier, later, spreadBefore, spreadAfter);
    boolean judged = outcome != Outcome.TOO_FEW;
    return new Comparison(
        work,
        before,
        after,
        outcome,
        judged ? spreadBefore.median() / spreadAfter.median() : Double.NaN,
        spreadBefore,
        spreadAfter);
  }

  private static Outcome outcome(
      double[] earlier, double[] later, Spread spreadBefore, Spread spreadAfter) {
    if (earlier.length < MIN_SETTLED || later.length < MIN_SETTLED) {
      return Outcome.TOO_FEW;
    }
    double ratio = spreadBefore.median() / spreadAfter.median();
    if (!RankTest.differ(earlier, later) || (ratio < MIN_RATIO && 1 / ratio < MIN_RATIO)) {
      return Outcome.NO_DIFFERENCE;
    }
    if (wasChangingAlready(earlier, ratio > 1)) {
      return Outcome.CHANGED_BEFORE;
    }
    return ratio > 1 ? Outcome.FASTER : Outcome.SLOWER;
  }

  /** Whether the time before the change went the same way: then the change is not the cause. */
  private static boolean wasChangingAlready(double[] earlier, boolean becameFaster) {
    int half = earlier.length / 2;
    if (half < MIN_SETTLED) {
      return false;
    }
    double[] first = Arrays.copyOfRange(earlier, 0, half);
    double[] second = Arrays.copyOfRange(earlier, half, earlier.length);
    return RankTest.differ(first, second)
        && (RankTest.deviations(first, second) > 0) == becameFaster;
  }

  /** The smallest ratio that the quartiles of both sides allow. */
  double lowestRatio() {
    return before.lowerQuartile() / after.upperQuartile();
  }

  /** The largest one. */
  double highestRatio() {
    return before.upperQuartile() / after.lowerQuartile();
  }

  /** The verdict in words. */
  String verdict() {
    return switch (outcome) {
      case FASTER ->
          "%s x faster (%s to %s)"
              .formatted(times(ratio), times(lowestRatio()), times(highestRatio()));
      case SLOWER ->
          "%s x slower (%s to %s)"
              .formatted(times(1 / ratio), times(1 / highestRatio()), times(1 / lowestRatio()));
      case NO_DIFFERENCE -> "no difference beyond noise";
      case TOO_FEW ->
          "no verdict: %d and %d settled runs, %d needed"
              .formatted(count(before), count(after), MIN_SETTLED);
      case CHANGED_BEFORE -> "no verdict: it was changing before";
    };
  }

  private static int count(Spread spread) {
    return spread == null ? 0 : spread.count();
  }

  private static String times(double ratio) {
    return String.format(Locale.ROOT, ratio < 10 ? "%.1f" : "%.0f", ratio);
  }
}
