package io.pfagent.report;

import java.util.Arrays;
import java.util.Comparator;

/** A bounded number of values of one quantity, each with its time. */
final class Observations {

  private static final int MAX_KEPT = 256;

  /** One value in so many, and at least one, is taken for warming up and left out. */
  private static final int WARM_UP_PART = 5;

  private final Reservoir<Observation> values = new Reservoir<>(MAX_KEPT);

  private record Observation(long nanos, double value) {}

  void add(long nanos, double value) {
    values.offer(new Observation(nanos, value));
  }

  /** How many there were. */
  long count() {
    return values.offered();
  }

  /** All that were kept, by time. */
  double[] all() {
    return values.sorted(Comparator.comparingLong(Observation::nanos)).stream()
        .mapToDouble(Observation::value)
        .toArray();
  }

  /**
   * The values by time without the first ones: code that was not compiled yet, memory that the
   * machine itself never had in its hands, and the change itself cost more than what follows.
   */
  double[] settled() {
    double[] all = all();
    int warmUp = Math.min(all.length, Math.max(1, all.length / WARM_UP_PART));
    return Arrays.copyOfRange(all, warmUp, all.length);
  }
}
