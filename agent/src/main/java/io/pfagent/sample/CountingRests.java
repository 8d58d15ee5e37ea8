package io.pfagent.sample;

import io.pfagent.kernel.FaultSampling;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Has the counting of minor faults rest where it would take more than its share, and keeps their
 * account meanwhile. One thread changes it, any may ask.
 */
final class CountingRests {

  private final SampledSpans spans;
  private final Consumer<Throwable> failures;

  private RestControl control = new RestControl();
  private RestedFaults faults = new RestedFaults();
  private boolean isRefused;
  private volatile boolean isResting;
  private volatile long countsSinceNanos;

  CountingRests(SampledSpans spans, Consumer<Throwable> failures) {
    this.spans = spans;
    this.failures = failures;
  }

  /** Whether minor faults go by uncounted. */
  boolean isResting() {
    return isResting;
  }

  /** Whether the counting has not rested since then. */
  boolean hasCountedSince(long nanoTime) {
    return !isResting && nanoTime - countsSinceNanos >= 0;
  }

  /** Sampling begins: nothing has rested, and nothing has been spent. */
  void begin() {
    control = new RestControl();
    faults = new RestedFaults();
    isResting = false;
    countsSinceNanos = System.nanoTime();
  }

  /** Whether samples stand for faults of a rest; then rings are to be read often. */
  boolean areBeingTold() {
    return faults.scale() > 1;
  }

  /**
   * Samples were read.
   *
   * @param told faults that they stand for
   */
  void told(FaultSampling sampling, long told) {
    faults.told(told);
    sampling.scaleWeights(faults.scale());
  }

  /** Samples stand for what they do now also where these events take over. */
  void adopt(FaultSampling sampling) {
    sampling.scaleWeights(faults.scale());
  }

  /**
   * A tick is over in which faults were counted: is there a rest now?
   *
   * @param nanosPerSample what a sample costs, kernel and reader together
   */
  void counted(FaultSampling sampling, Tick tick, long nanosPerSample) {
    if (control.counted(tick, nanosPerSample)) {
      long start = System.nanoTime();
      isResting = true;
      spans.rest();
      sampling.rest();
      control.spend(System.nanoTime() - start);
    } else {
      faults.counted(tick);
      sampling.scaleWeights(faults.scale());
    }
  }

  /**
   * A tick of a rest is over: does the counting go on now?
   *
   * @param faultsPerSample the period then
   */
  void rested(FaultSampling sampling, Tick tick, int faultsPerSample) {
    faults.rested(tick);
    if (control.rested(tick)) {
      goOn(sampling, faultsPerSample);
    }
  }

  /** From now on each fault counts, and a sample stands for its period. */
  void endRests(FaultSampling sampling, int faultsPerSample) {
    if (isResting) {
      goOn(sampling, faultsPerSample);
    }
    faults = new RestedFaults();
    sampling.scaleWeights(faults.scale());
  }

  /** Where it is refused, that is told once, and tried again when that can be paid for. */
  private void goOn(FaultSampling sampling, int faultsPerSample) {
    long start = System.nanoTime();
    Optional<String> refusal = sampling.setPeriod(faultsPerSample);
    if (refusal.isEmpty()) {
      spans.goOn();
      faults.goOn();
      sampling.scaleWeights(faults.scale());
      countsSinceNanos = System.nanoTime();
      isResting = false;
    } else if (!isRefused) {
      failures.accept(new IOException("minor faults go by uncounted: " + refusal.get()));
    }
    isRefused = refusal.isPresent();
    control.spend(System.nanoTime() - start);
  }
}
