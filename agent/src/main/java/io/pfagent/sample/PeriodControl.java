package io.pfagent.sample;

/**
 * Chooses the period of minor faults where the user leaves it to the agent: short enough to tell
 * much, long enough that their samples take at most half a percent of the processor time that the
 * process uses, and that no ring runs over. Used by one thread.
 *
 * <p>The periods are primes, so that they fall into step with few patterns of access.
 */
final class PeriodControl {

  private static final int[] PERIODS = {1, 3, 11, 31, 101, 307, 1009, 3001, 10_007};

  /** Where it starts: a JVM that starts faults some 10,000 times. */
  static final int FIRST_PERIOD = 101;

  private static final double BUDGET = 0.005;

  /** A shorter period must fit easily, for a while, or the period would swing. */
  private static final double EASILY = 0.2;

  private static final int CALM_TICKS = 30;

  /** Faults that a ring must hold until its reader runs, should it have to wait for a processor. */
  private static final int BURST_FAULTS = 20_000;

  private final long nanosPerSample;
  private final int least;
  private int leastBesideRests;
  private int index;
  private int calmTicks;

  /**
   * @param nanosPerSample what a sample costs, kernel and reader together
   * @param ringSamples how many samples the smallest ring holds
   * @param firstPeriod where it begins, unless the rings are too small for it
   */
  PeriodControl(long nanosPerSample, int ringSamples, int firstPeriod) {
    this.nanosPerSample = nanosPerSample;
    int needed = 0;
    while (needed < PERIODS.length - 1 && (long) PERIODS[needed] * ringSamples < BURST_FAULTS) {
      needed++;
    }
    this.least = needed;
    this.leastBesideRests = needed;
    this.index = needed;
    while (index < PERIODS.length - 1 && PERIODS[index] < firstPeriod) {
      index++;
    }
  }

  int period() {
    return PERIODS[index];
  }

  /** What a sample costs, the kernel and the reader together. */
  long nanosPerSample() {
    return nanosPerSample;
  }

  /**
   * Learns what has happened since the last call.
   *
   * @return the period from now on
   */
  int next(Tick tick) {
    long faults = tick.minorSamples() * PERIODS[index];
    long processorNanos = tick.processorNanos();
    long cost = tick.minorSamples() * nanosPerSample;
    if (tick.lost()) {
      leastBesideRests = Math.min(PERIODS.length - 1, index + 1);
    }
    if (tick.lost() || cost > BUDGET * Math.max(processorNanos, faults * 100)) {
      calmTicks = 0;
      index =
          Math.min(PERIODS.length - 1, tick.lost() ? index + 1 : fitting(faults, processorNanos));
    } else if (index > least && isEasy(faults, processorNanos)) {
      calmTicks++;
      if (calmTicks >= CALM_TICKS) {
        calmTicks = 0;
        index--;
      }
    } else {
      calmTicks = 0;
    }
    return PERIODS[index];
  }

  /**
   * Has a sample cost half as much as the counting of its faults, or less. Where the counting rests
   * at times both come out of one purse: rarer samples would hardly shorten the rests, and more
   * frequent ones would lengthen them.
   */
  void suitRests() {
    index = leastBesideRests;
    while (index < PERIODS.length - 1
        && PERIODS[index] * RestControl.NANOS_PER_FAULT / 2 < nanosPerSample) {
      index++;
    }
  }

  private int fitting(long faults, long processorNanos) {
    int fit = index;
    double budget = BUDGET * Math.max(processorNanos, faults * 100);
    while (fit < PERIODS.length - 1 && (double) faults / PERIODS[fit] * nanosPerSample > budget) {
      fit++;
    }
    return fit;
  }

  private boolean isEasy(long faults, long processorNanos) {
    double costOfShorter = (double) faults / PERIODS[index - 1] * nanosPerSample;
    return costOfShorter < EASILY * BUDGET * processorNanos;
  }
}
