package io.pfagent.report;

import java.util.Arrays;

/**
 * The rank-sum test of Wilcoxon, Mann and Whitney: whether two sets of values differ by more than
 * chance. It asks only which of two values is larger, so a few wild ones don't decide.
 */
final class RankTest {

  /**
   * From this distance on (in standard deviations, normal approximation) chance gives so large a
   * difference in less than 1 case of 100. Five values against five reach it if all of one side are
   * larger than all of the other.
   */
  private static final double ONE_IN_A_HUNDRED = 2.576;

  private RankTest() {}

  /** Whether the values of the two sides differ beyond chance. */
  static boolean differ(double[] one, double[] other) {
    return Math.abs(deviations(one, other)) >= ONE_IN_A_HUNDRED;
  }

  /**
   * How many standard deviations the ranks of {@code one} lie from where they would without a
   * difference; negative if its values are the smaller ones, 0 if a side is empty.
   */
  static double deviations(double[] one, double[] other) {
    double n = one.length;
    double m = other.length;
    if (n == 0 || m == 0) {
      return 0;
    }
    double[] sorted = other.clone();
    Arrays.sort(sorted);
    double larger = 0;
    for (double value : one) {
      larger += (below(sorted, value, false) + below(sorted, value, true)) / 2.0;
    }
    double deviation = Math.sqrt(n * m * (n + m + 1) / 12);
    return (larger - n * m / 2) / deviation;
  }

  /** How many values are smaller; also those that are equal if {@code orEqual}. */
  private static int below(double[] sorted, double value, boolean orEqual) {
    int low = 0;
    int high = sorted.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (sorted[middle] < value || (orEqual && sorted[middle] == value)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
