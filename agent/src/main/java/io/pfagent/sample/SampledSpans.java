package io.pfagent.sample;

import io.pfagent.kernel.FaultSampling;
import io.pfagent.kernel.Rusage;
import java.util.concurrent.atomic.LongAdder;

/**
 * What the kernel has counted while there was sampling, and while there was none: before it began,
 * while it was off. Told by the sampler's thread, asked by any.
 */
final class SampledSpans {

  private final Rusage rusage = new Rusage();
  private final LongAdder userFaults = new LongAdder();
  private final LongAdder unsampledFaults = new LongAdder();

  /** All faults of the process when the last span ended. */
  private long faultsAtEnd;

  /** Sampling runs from now on. */
  void begin() {
    unsampledFaults.add(Math.max(0, processFaults() - faultsAtEnd));
  }

  /** Sampling is about to end. */
  void end(FaultSampling sampling) {
    faultsAtEnd = processFaults();
    userFaults.add(Math.max(0, sampling.userFaults()));
  }

  /**
   * Faults raised in user mode in all spans.
   *
   * @param current what runs now, null for nothing
   * @return -1 if nothing runs
   */
  long userFaults(FaultSampling current) {
    long now = current == null ? -1 : current.userFaults();
    return now < 0 ? -1 : userFaults.sum() + now;
  }

  /** Faults of the process outside the spans. */
  long unsampledFaults() {
    return unsampledFaults.sum();
  }

  private long processFaults() {
    return rusage.readProcess() ? rusage.minorFaults() + rusage.majorFaults() : faultsAtEnd;
  }
}
