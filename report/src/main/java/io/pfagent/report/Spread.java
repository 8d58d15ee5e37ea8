package io.pfagent.report;

import java.util.Arrays;

/**
 * How values are spread: half of them lie between the quartiles.
 *
 * @param count how many values
 */
record Spread(int count, double lowerQuartile, double median, double upperQuartile) {

  /** The spread of values in any order; null if there are none. */
  static Spread of(double[] values) {
    if (values.length == 0) {
      return null;
    }
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return new Spread(
        sorted.length, quantile(sorted, 0.25), quantile(sorted, 0.5), quantile(sorted, 0.75));
  }

  /** Between two values, the place in between counts. */
  private static double quantile(double[] sorted, double share) {
    double place = share * (sorted.length - 1);
    int below = (int) place;
    int above = Math.min(sorted.length - 1, below + 1);
    return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
  }
}
