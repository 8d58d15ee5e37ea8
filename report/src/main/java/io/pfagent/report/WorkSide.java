package io.pfagent.report;

/** One work on one side of a change. */
final class WorkSide {

  private final Observations nanosPerMegabyte = new Observations();
  private final Observations residentShares = new Observations();
  private long events;
  private double megabytes;
  private long countedFaults;
  private long sampledRegions;
  private double sampledMegabytes;
  private long sampledFaults;

  /**
   * Adds one run of the work.
   *
   * @param endNanos since 1970
   * @param durationNanos how long it took
   * @param newMegabytes how much memory it was about
   * @param faults counted by {@code getrusage}, or unknown
   */
  void ran(long endNanos, long durationNanos, double newMegabytes, long faults) {
    events++;
    megabytes += newMegabytes;
    countedFaults += Math.max(0, faults);
    nanosPerMegabyte.add(endNanos, durationNanos / newMegabytes);
  }

  /** Adds the samples of a region that was allocated on this side. */
  void sampled(double newMegabytes, long faults) {
    sampledRegions++;
    sampledMegabytes += newMegabytes;
    sampledFaults += faults;
  }

  /** Adds a look at a region: the part of it that is in RAM, from 0 to 1. */
  void resident(long nanos, double share) {
    residentShares.add(nanos, share);
  }

  long events() {
    return events;
  }

  double[] settledNanosPerMegabyte() {
    return nanosPerMegabyte.settled();
  }

  /**
   * User-side faults for each megabyte, from samples; NaN without samples. Populated pages are no
   * faults here.
   */
  double userFaultsPerMegabyte() {
    return sampledRegions == 0 ? Double.NaN : sampledFaults / sampledMegabytes;
  }

  /** What {@code getrusage} counted for each megabyte: populated pages count as faults here. */
  double countedFaultsPerMegabyte() {
    return events == 0 ? Double.NaN : countedFaults / megabytes;
  }

  /** The median part of the regions that is in RAM, from 0 to 1; NaN if nobody looked. */
  double residentShare() {
    Spread spread = Spread.of(residentShares.all());
    return spread == null ? Double.NaN : spread.median();
  }
}
