package io.pfagent.kernel;

import java.util.Arrays;

/**
 * What several rounds of one measurement say, in nanoseconds. What disturbs a round only adds to
 * it: the lowest is nearest to what the machine can do, the median to what it does. Half of the
 * rounds lie between the quartiles.
 *
 * @param rounds how many there were
 */
public record RoundTimes(
    double lowestNanos,
    double lowerQuartileNanos,
    double medianNanos,
    double upperQuartileNanos,
    int rounds) {

  /** Sums up rounds in any order; at least one. */
  static RoundTimes of(double... nanos) {
    double[] sorted = nanos.clone();
    Arrays.sort(sorted);
    int last = sorted.length - 1;
    return new RoundTimes(
        sorted[0],
        sorted[sorted.length / 4],
        (sorted[last / 2] + sorted[(last + 1) / 2]) / 2,
        sorted[last - sorted.length / 4],
        sorted.length);
  }
}
