package io.pfagent.sample;

import io.pfagent.kernel.FaultCounts;
import io.pfagent.kernel.FaultSampling;
import io.pfagent.kernel.Rusage;

/**
 * What the kernel has counted while there was sampling, and while there was none: before it began,
 * while it was off. Within a span the counting may rest, of minor faults or of all. Told by the
 * sampler's thread, asked by any.
 */
final class SampledSpans {

  private final Rusage rusage = new Rusage();
  private final ClassSpans minor = new ClassSpans();
  private final ClassSpans major = new ClassSpans();
  private FaultSampling current;
  private FaultCounts lastOfProcess = new FaultCounts(0, 0);

  /** Where both classes stand. */
  private record Marks(ClassSpans.Mark minor, ClassSpans.Mark major) {}

  /** Sampling runs from now on. */
  synchronized void begin(FaultSampling opened) {
    current = opened;
    Marks now = mark();
    minor.begin(now.minor());
    major.begin(now.major());
  }

  /** Another one has taken over without a gap. */
  synchronized void replace(FaultSampling opened) {
    FaultCounts user = current.userFaults();
    minor.replace(Math.max(0, user.minor()));
    major.replace(Math.max(0, user.major()));
    current = opened;
  }

  /** The counting of minor faults is about to rest. */
  synchronized void restMinor() {
    minor.rest(mark().minor());
  }

  /** The counting of major faults is about to rest. */
  synchronized void restMajor() {
    major.rest(mark().major());
  }

  /** The counting has gone on. */
  synchronized void goOn() {
    Marks now = mark();
    minor.goOn(now.minor());
    major.goOn(now.major());
  }

  /** Sampling is about to end. */
  synchronized void end() {
    Marks now = mark();
    minor.end(now.minor());
    major.end(now.major());
    current = null;
  }

  /**
   * Faults raised in user mode in all spans, those of a rest by estimate; unknown while there is no
   * sampling.
   */
  synchronized FaultCounts userFaults() {
    if (current == null) {
      return FaultCounts.UNKNOWN;
    }
    FaultCounts before = processFaults();
    FaultCounts user = current.userFaults();
    if (user.all() < 0) {
      return FaultCounts.UNKNOWN;
    }
    Marks now = marks(before, user, processFaults());
    return new FaultCounts(minor.userFaults(now.minor()), major.userFaults(now.major()));
  }

  /** Faults of the process, of either side, in all spans while the counting rested. */
  synchronized long restedFaults() {
    if (!minor.isResting() && !major.isResting()) {
      return minor.restedFaults() + major.restedFaults();
    }
    Marks now = mark();
    return minor.restedFaults(now.minor()) + major.restedFaults(now.major());
  }

  /** Faults of the process outside the spans. */
  synchronized long unsampledFaults() {
    return minor.unsampledFaults() + major.unsampledFaults();
  }

  /** Of the minor faults that were counted before the last rest, the part raised in user mode. */
  synchronized double minorUserShare() {
    return minor.userShare();
  }

  /** The same of major faults. */
  synchronized double majorUserShare() {
    return major.userShare();
  }

  private Marks mark() {
    return marks(processFaults(), current.userFaults(), processFaults());
  }

  /** To read each thread's counters takes a while, and the threads go on. */
  private static Marks marks(FaultCounts before, FaultCounts user, FaultCounts after) {
    return new Marks(
        new ClassSpans.Mark((before.minor() + after.minor()) / 2, Math.max(0, user.minor())),
        new ClassSpans.Mark((before.major() + after.major()) / 2, Math.max(0, user.major())));
  }

  private FaultCounts processFaults() {
    if (rusage.readProcess()) {
      lastOfProcess = new FaultCounts(rusage.minorFaults(), rusage.majorFaults());
    }
    return lastOfProcess;
  }
}
