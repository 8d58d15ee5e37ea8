package io.pfagent.sample;

/**
 * Decides when the counting of faults rests, where the user leaves the cost of sampling to the
 * agent. An event costs each fault some time, also those that give no sample, so a longer period is
 * not enough where a program does little else than to fault. Used by one thread.
 *
 * <p>Time to spend is saved up: 1 % of the processor time that the process uses, or of one
 * processor if it uses less. What is saved pays for a burst in full; where faults go on, there is a
 * rest until the next tick can be paid for.
 */
final class RestControl {

  private static final double BUDGET = 0.01;

  /** What the events of both sides cost a fault, rather more than less. */
  static final long NANOS_PER_FAULT = 100;

  /** Half a million faults: 2 GB in base pages. */
  static final long MOST_SAVED_NANOS = 50_000_000;

  private double savedNanos = MOST_SAVED_NANOS;

  /**
   * Learns what has happened while faults were counted.
   *
   * @param nanosPerSample what a sample costs, kernel and reader together
   * @return whether the counting should rest now
   */
  boolean counted(Tick tick, long nanosPerSample) {
    save(tick);
    savedNanos -= tick.faults() * NANOS_PER_FAULT + tick.samples() * nanosPerSample;
    return savedNanos < 0;
  }

  /**
   * Learns what has happened while the counting rested.
   *
   * @return whether it should go on now
   */
  boolean rested(Tick tick) {
    save(tick);
    return savedNanos >= Math.min(MOST_SAVED_NANOS, tick.faults() * NANOS_PER_FAULT);
  }

  /** To rest or to go on took this time. */
  void spend(long nanos) {
    savedNanos -= nanos;
  }

  private void save(Tick tick) {
    double earned = BUDGET * Math.max(tick.processorNanos(), tick.nanos());
    savedNanos = Math.min(MOST_SAVED_NANOS, savedNanos + earned);
  }
}
