package io.pfagent.sample;

/**
 * The faults of one class that went by while their counting rested, handed to the samples after
 * such a rest: each stands for more of them until the sum is right again. Used by one thread.
 */
final class RestedFaults {

  private static final double MOST_SCALE = 1_000;

  /** A program that faults so much less than in the rest does something else by now. */
  private static final double LIKE = 0.25;

  /** No sample stands for them yet. */
  private double pending;

  private double perTick;
  private double scale = 1;

  private long faultsOfRest;
  private int ticksOfRest;
  private long faultsOfLastTick;

  /** What the period is multiplied with in samples that are read now. */
  double scale() {
    return scale;
  }

  /**
   * A tick of a rest is over.
   *
   * @param missed faults in it
   */
  void rested(long missed) {
    faultsOfRest += missed;
    ticksOfRest++;
    faultsOfLastTick = missed;
  }

  /** The rest is over, if there was one, and faults are counted again. */
  void goOn() {
    if (ticksOfRest == 0) {
      return;
    }
    pending += faultsOfRest;
    perTick = (double) faultsOfRest / ticksOfRest;
    faultsOfRest = 0;
    ticksOfRest = 0;
    scaleFor(faultsOfLastTick);
  }

  /** Faults that no sample stands for yet. */
  long pending() {
    return Math.round(pending);
  }

  /**
   * Samples were read.
   *
   * @param beyond faults that they stand for beyond their periods
   */
  void told(long beyond) {
    pending -= beyond;
    if (pending <= 0) {
      scale = 1;
    }
  }

  /**
   * A tick without rest is over.
   *
   * @param faults in it
   */
  void counted(long faults) {
    scaleFor(faults);
  }

  /**
   * Looks ahead.
   *
   * @param expected faults in the next tick, as in the last one
   */
  private void scaleFor(long expected) {
    if (expected < LIKE * perTick || expected == 0) {
      pending = 0;
    }
    scale = pending <= 0 ? 1 : Math.min(MOST_SCALE, 1 + pending / expected);
  }
}
