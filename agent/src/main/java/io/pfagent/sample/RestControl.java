package io.pfagent.sample;

/**
 * Decides when the counting of faults rests, where the user leaves the cost of sampling to the
 * agent. An event costs each fault some time, also those that give no sample, and each switch
 * between threads, also where none faults; so a longer period is not enough where a program does
 * little else. Used by one thread.
 *
 * <p>Time to spend is saved up: 1 % of the processor time that the process uses, or of one
 * processor if it uses less. What is saved pays for a burst in full; where faults or switches go
 * on, there is a rest until the next tick can be paid for.
 *
 * <pre>
 *   now           next    when
 *   NONE          MINOR   nothing is left
 *   NONE, MINOR   ALL     nothing is left, and what stays open in a rest of minor faults would cost
 *                         the switches more than a tick earns
 *   MINOR, ALL    NONE    a tick can be paid for
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

  /**
   * Learns what has happened while faults were counted.
   *
   * @param sides that have events, one or two
   * @param nanosPerSample what a sample costs, kernel and reader together
   * @return what should rest now
   */
  Rest counted(Tick tick, int sides, long nanosPerSample) {
    double earned = save(tick);
    savedNanos -= countingNanos(tick, sides) + tick.samples() * nanosPerSample;
    return savedNanos < 0 ? restFor(tick, sides, earned) : Rest.NONE;
  }

  /**
   * Learns what has happened in a rest.
   *
   * @param rest of minor faults or of all
   * @param sides that have events while faults are counted
   * @return what should rest now
   */
  Rest rested(Rest rest, Tick tick, int sides) {
    double earned = save(tick);
    if (rest == Rest.MINOR) {
      savedNanos -= switchNanos(tick, sides);
    }
    if (savedNanos >= Math.min(MOST_SAVED_NANOS, countingNanos(tick, sides))) {
      return Rest.NONE;
    }
    return rest == Rest.MINOR && savedNanos < 0 ? restFor(tick, sides, earned) : rest;
  }

  /** To rest or to go on took this time. */
  void spend(long nanos) {
    savedNanos -= nanos;
  }

  private double save(Tick tick) {
    double earned = BUDGET * Math.max(tick.processorNanos(), tick.nanos());
    savedNanos = Math.min(MOST_SAVED_NANOS, savedNanos + earned);
    return earned;
  }

  /** A rest of minor faults, unless the events that it leaves take more than a tick earns. */
  private static Rest restFor(Tick tick, int sides, double earned) {
    return switchNanos(tick, sides) > earned ? Rest.ALL : Rest.MINOR;
  }

  /** Minor and major faults have an event of each side. */
  private static long countingNanos(Tick tick, int sides) {
    return tick.faults() * NANOS_PER_FAULT + switchNanos(tick, 2 * sides);
  }

  /**
   * @param events that each thread has on each processor
   */
  private static long switchNanos(Tick tick, int events) {
    return tick.switches() * (NANOS_PER_SWITCH + events * NANOS_PER_SWITCHED_EVENT);
  }
}
