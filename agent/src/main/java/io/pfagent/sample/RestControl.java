package io.pfagent.sample;

/**
 * Decides when the counting of faults rests, where the user leaves the cost of sampling to the
 * agent. An event costs each fault some time, also those that give no sample, and each switch
 * between threads, also where none faults, and of major faults each gives a sample; so a longer
 * period is not enough where a program does little else. Used by one thread.
 *
 * <p>Time to spend is saved up: 1 % of the processor time that the process uses, or of one
 * processor if it uses less. What is saved pays for a burst in full; where faults or switches go
 * on, there is a rest until the next tick can be paid for; or more of them, so that the counting
 * gets as much as what begins and ends a rest.
 *
 * <pre>
 *   now           next    when
 *   NONE          MINOR   nothing is left
 *   NONE, MINOR   ALL     nothing is left, and what stays open in a rest of minor faults would cost
 *                         switches and major faults more than a tick earns
 *   MINOR, ALL    NONE    enough is saved
 * </pre>
 */
final class RestControl {

  private static final double BUDGET = 0.01;

  /** What the events of both sides cost a fault, rather more than less. */
  static final long NANOS_PER_FAULT = 100;

  /**
   * What a switch costs where there are events, besides those of the threads; rather more than
   * less.
   */
  static final long NANOS_PER_SWITCH = 300;

  /**
   * What the kernel takes to stop an event of one thread and to start one of the next. It takes
   * less, once for all, where both threads have inherited theirs from the same one; with each
   * change of the period threads get events of their own.
   */
  static final long NANOS_PER_SWITCHED_EVENT = 500;

  /** Half a million faults: 2 GB in base pages. */
  static final long MOST_SAVED_NANOS = 50_000_000;

  private double savedNanos = MOST_SAVED_NANOS;
  private long restNanos;
  private long goingOnNanos;

  /**
   * Learns what has happened while faults were counted.
   *
   * @param sides that have events, one or two
   * @param nanosPerSample what a sample costs, kernel and reader together
   * @return what should rest now
   */
  Rest counted(Tick tick, int sides, long nanosPerSample) {
    double earned = save(tick, MOST_SAVED_NANOS);
    savedNanos -= eventNanos(tick, 2 * sides) + tick.samples() * nanosPerSample;
    return savedNanos < 0 ? restFor(tick, sides, nanosPerSample, earned) : Rest.NONE;
  }

  /**
   * Learns what has happened in a rest.
   *
   * @param rest of minor faults or of all
   * @param sides that have events while faults are counted
   * @param nanosPerSample what a sample costs, kernel and reader together
   * @return what should rest now
   */
  Rest rested(Rest rest, Tick tick, int sides, long nanosPerSample) {
    double earned = save(tick, MOST_SAVED_NANOS + expectedToGoOn());
    if (rest == Rest.MINOR) {
      savedNanos -= switchNanos(tick, sides) + tick.samples() * nanosPerSample;
    }
    long counting = eventNanos(tick, 2 * sides) + tick.majorFaults() * nanosPerSample;
    // Where a tick earns what it takes, there will be no rest again.
    long reserve = counting <= earned ? counting : Math.max(counting, changesNanos());
    if (savedNanos >= expectedToGoOn() + Math.min(MOST_SAVED_NANOS, reserve)) {
      return Rest.NONE;
    }
    return rest == Rest.MINOR && savedNanos < 0
        ? restFor(tick, sides, nanosPerSample, earned)
        : rest;
  }

  /** It took this time to begin a rest. */
  void spendOnRest(long nanos) {
    savedNanos -= nanos;
    restNanos = nanos;
  }

  /** It took this time to count again. */
  void spendOnGoingOn(long nanos) {
    savedNanos -= nanos;
    goingOnNanos = nanos;
  }

  private double save(Tick tick, long most) {
    double earned = BUDGET * Math.max(tick.processorNanos(), tick.nanos());
    savedNanos = Math.min((double) most, savedNanos + earned);
    return earned;
  }

  /** To go on takes at least as long as the rest took to begin. */
  private long expectedToGoOn() {
    return Math.max(restNanos, goingOnNanos);
  }

  /** What begins and ends a rest. */
  private long changesNanos() {
    return restNanos + expectedToGoOn();
  }

  /** A rest of minor faults, unless what it leaves would take more than a tick earns. */
  private static Rest restFor(Tick tick, int sides, long nanosPerSample, double earned) {
    long left = switchNanos(tick, sides) + tick.majorFaults() * nanosPerSample;
    return left > earned ? Rest.ALL : Rest.MINOR;
  }

  /**
   * What events take, without samples.
   *
   * @param events that each thread has on each processor
   */
  private static long eventNanos(Tick tick, int events) {
    return tick.minorFaults() * NANOS_PER_FAULT + switchNanos(tick, events);
  }

  private static long switchNanos(Tick tick, int events) {
    return tick.switches() * (NANOS_PER_SWITCH + events * NANOS_PER_SWITCHED_EVENT);
  }
}
