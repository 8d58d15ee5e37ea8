package io.pfagent.sample;

import io.pfagent.kernel.FaultSampling;
import io.pfagent.kernel.Rusage;

/**
 * What the kernel has counted while there was sampling, and while there was none: before it began,
 * while it was off. Within a span the counting of minor faults may rest; which side raised the
 * faults of that time is an estimate by those that were counted just before. Told by the sampler's
 * thread, asked by any.
 */
final class SampledSpans {

  private final Rusage rusage = new Rusage();
  private FaultSampling current;
  private long userFaultsBefore;
  private long unsampledFaults;

  /** All faults of the process when the last span ended. */
  private long faultsAtEnd;

  /** Where the counting began or last went on. */
  private Mark counting;

  /** Where it began to rest; null if it doesn't. */
  private Mark resting;

  private double userShare;
  private long restedFaults;
  private long restedUserFaults;

  /** Faults so far: all of the process, and those counted in user mode. */
  private record Mark(long all, long user) {

    /** Faults since then that were not counted in user mode. */
    long othersUntil(Mark later) {
      return Math.max(0, later.all - all - (later.user - user));
    }

    double userShareUntil(Mark later) {
      return later.all <= all
          ? 0
          : Math.max(0, Math.min(1, (double) (later.user - user) / (later.all - all)));
    }
  }

  /** Sampling runs from now on. */
  synchronized void begin(FaultSampling opened) {
    // What was counted between the opening and now belongs to the span.
    long counted = Math.max(0, opened.userFaults());
    unsampledFaults += Math.max(0, processFaults() - counted - faultsAtEnd);
    current = opened;
    counting = mark();
  }

  /** Another one has taken over without a gap. */
  synchronized void replace(FaultSampling opened) {
    userFaultsBefore += Math.max(0, current.userFaults());
    current = opened;
  }

  /** The counting is about to rest. */
  synchronized void rest() {
    resting = mark();
    if (resting.all() > counting.all()) {
      userShare = counting.userShareUntil(resting);
    }
  }

  /** The counting has gone on. */
  synchronized void goOn() {
    counting = mark();
    long rested = resting.othersUntil(counting);
    restedFaults += rested;
    restedUserFaults += Math.round(rested * userShare);
    resting = null;
  }

  /** Sampling is about to end. */
  synchronized void end() {
    if (resting != null) {
      goOn();
    }
    faultsAtEnd = processFaults();
    userFaultsBefore += Math.max(0, current.userFaults());
    current = null;
  }

  /**
   * Faults raised in user mode in all spans, those of a rest by estimate; -1 while there is no
   * sampling.
   */
  synchronized long userFaults() {
    long now = current == null ? -1 : current.userFaults();
    return now < 0
        ? -1
        : userFaultsBefore + now + restedUserFaults + Math.round(restedNow() * userShare);
  }

  /** Faults of the process, of either side, in all spans while the counting rested. */
  synchronized long restedFaults() {
    return restedFaults + restedNow();
  }

  /** Faults of the process outside the spans. */
  synchronized long unsampledFaults() {
    return unsampledFaults;
  }

  private long restedNow() {
    return resting == null ? 0 : resting.othersUntil(mark());
  }

  private Mark mark() {
    long before = processFaults();
    // To read each thread's counters takes a while, and the threads go on.
    long user = userFaultsBefore + Math.max(0, current.userFaults());
    return new Mark((before + processFaults()) / 2, user);
  }

  private long processFaults() {
    return rusage.readProcess() ? rusage.minorFaults() + rusage.majorFaults() : faultsAtEnd;
  }
}
