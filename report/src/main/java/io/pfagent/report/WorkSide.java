package io.pfagent.report;

/**
 * One work on one side of a change. Its unit is a megabyte of the memory that it is about, or a
 * whole run where that is not known ({@link Work#isPerRun}).
 */
final class WorkSide {

  private final Observations nanosPerUnit = new Observations();
  private final Observations residentShares = new Observations();
  private long events;
  private double units;
  private long countedFaults;
  private long sampledRegions;
  private double sampledUnits;
  private long sampledFaults;

  /**
   * Adds one run of the work.
   *
   * @param endNanos since 1970
   * @param durationNanos how long it took
   * @param newUnits how many megabytes it was about; 1 if the unit is a run
   * @param faults counted by {@code getrusage}, or unknown
   */
  void ran(long endNanos, long durationNanos, double newUnits, long faults) {
    events++;
    units += newUnits;
    countedFaults += Math.max(0, faults);
    nanosPerUnit.add(endNanos, durationNanos / newUnits);
  }

  /** Adds the samples of a region that was allocated on this side. */
  void sampled(double newUnits, long faults) {
    sampledRegions++;
    sampledUnits += newUnits;
    sampledFaults += faults;
  }

  /** Adds a look at a region: the part of it that is in RAM, from 0 to 1. */
  void resident(long nanos, double share) {
    residentShares.add(nanos, share);
  }

  long events() {
    return events;
  }

  double[] settledNanosPerUnit() {
    return nanosPerUnit.settled();
  }

  /**
   * User-side faults for each unit, from samples; NaN without samples. Populated pages are no
   * faults here.
   */
  double userFaultsPerUnit() {
    return sampledRegions == 0 ? Double.NaN : sampledFaults / sampledUnits;
  }

  /** What {@code getrusage} counted for each unit: populated pages count as faults here. */
  double countedFaultsPerUnit() {
    return events == 0 ? Double.NaN : countedFaults / units;
  }

  /** The median part of the regions that is in RAM, from 0 to 1; NaN if nobody looked. */
  double residentShare() {
    Spread spread = Spread.of(residentShares.all());
    return spread == null ? Double.NaN : spread.median();
  }
}
