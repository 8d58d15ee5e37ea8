package io.pfagent.sample;

import io.pfagent.kernel.FaultSampling;
import io.pfagent.kernel.Rusage;

/**
 * What the kernel has counted while there was sampling, and while there was none: before it began,
 * while it was off. Told by the sampler's thread, asked by any.
 */
final class SampledSpans {

  private final Rusage rusage = new Rusage();
  private FaultSampling current;
  private long userFaultsBefore;
  private long unsampledFaults;

  /** All faults of the process when the last span ended. */
  private long faultsAtEnd;

  /** Sampling runs from now on. */
  synchronized void begin(FaultSampling opened) {
    // What was counted between the opening and now belongs to the span.
    long counted = Math.max(0, opened.userFaults());
    unsampledFaults += Math.max(0, processFaults() - counted - faultsAtEnd);
    current = opened;
  }

  /** Another one has taken over without a gap. */
  synchronized void replace(FaultSampling opened) {
    userFaultsBefore += Math.max(0, current.userFaults());
    current = opened;
  }

  /** Sampling is about to end. */
  synchronized void end() {
    faultsAtEnd = processFaults();
    userFaultsBefore += Math.max(0, current.userFaults());
    current = null;
  }

  /** Faults raised in user mode in all spans; -1 while there is no sampling. */
  synchronized long userFaults() {
    long now = current == null ? -1 : current.userFaults();
    return now < 0 ? -1 : userFaultsBefore + now;
  }

  /** Faults of the process outside the spans. */
  synchronized long unsampledFaults() {
    return unsampledFaults;
  }

  private long processFaults() {
    return rusage.readProcess() ? rusage.minorFaults() + rusage.majorFaults() : faultsAtEnd;
  }
}
