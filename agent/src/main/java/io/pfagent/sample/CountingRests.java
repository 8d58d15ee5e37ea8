package io.pfagent.sample;

import io.pfagent.kernel.FaultSampling;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Has the counting of faults rest where it would take more than its share, and keeps their account
 * meanwhile. One thread changes it, any may ask.
 */
final class CountingRests {

  private final SampledSpans spans;
  private final Consumer<Throwable> failures;

  private RestControl control = new RestControl();
  private RestedFaults faults = new RestedFaults();
  private boolean isRefused;
  private volatile Rest rest = Rest.NONE;
  private volatile long countsSinceNanos;

  CountingRests(SampledSpans spans, Consumer<Throwable> failures) {
    this.spans = spans;
    this.failures = failures;
  }

  /** What goes by uncounted. */
  Rest rest() {
    return rest;
  }

  /** Whether anything does. */
  boolean isResting() {
    return rest != Rest.NONE;
  }

  /** Whether the counting has not rested since then. */
  boolean hasCountedSince(long nanoTime) {
    return !isResting() && nanoTime - countsSinceNanos >= 0;
  }

  /** Sampling begins: nothing has rested, and nothing has been spent. */
  void begin() {
    control = new RestControl();
    faults = new RestedFaults();
    rest = Rest.NONE;
    countsSinceNanos = System.nanoTime();
  }

  /** Whether samples stand for faults of a rest; then rings are to be read often. */
  boolean areBeingTold() {
    return faults.scale() > 1;
  }

  /** Samples were read. */
  void told(FaultSampling sampling) {
    faults.told(sampling.takeToldBeyond());
    scaleWeights(sampling);
  }

  /** Samples stand for what they do now also where these events take over. */
  void adopt(FaultSampling sampling) {
    scaleWeights(sampling);
  }

  /**
   * A tick is over in which faults were counted: is there a rest now?
   *
   * @param nanosPerSample what a sample costs, kernel and reader together
   */
  void counted(FaultSampling sampling, Tick tick, long nanosPerSample) {
    Rest next = control.counted(tick, sides(sampling), nanosPerSample);
    if (next == Rest.NONE) {
      faults.counted(tick);
      scaleWeights(sampling);
    } else {
      long start = System.nanoTime();
      spans.rest();
      begin(next, sampling);
      control.spend(System.nanoTime() - start);
    }
  }

  /**
   * A tick of a rest is over: does the counting go on now, or does more rest?
   *
   * @param faultsPerSample the period then
   */
  void rested(FaultSampling sampling, Tick tick, int faultsPerSample) {
    faults.rested(tick);
    Rest next = control.rested(rest, tick, sides(sampling));
    if (next == Rest.NONE) {
      goOn(sampling, faultsPerSample);
    } else if (next != rest) {
      long start = System.nanoTime();
      begin(next, sampling);
      control.spend(System.nanoTime() - start);
    }
  }

  /** From now on each fault counts, and a sample stands for its period. */
  void endRests(FaultSampling sampling, int faultsPerSample) {
    if (isResting()) {
      goOn(sampling, faultsPerSample);
    }
    faults = new RestedFaults();
    scaleWeights(sampling);
  }

  private void scaleWeights(FaultSampling sampling) {
    sampling.scaleWeights(faults.scale(), faults.pending());
  }

  private void begin(Rest next, FaultSampling sampling) {
    rest = next;
    if (next == Rest.ALL) {
      sampling.restEntirely();
    } else {
      sampling.rest();
    }
  }

  private static int sides(FaultSampling sampling) {
    return sampling.inKernel().available() ? 2 : 1;
  }

  /** Where it is refused, that is told once, and tried again when that can be paid for. */
  private void goOn(FaultSampling sampling, int faultsPerSample) {
    long start = System.nanoTime();
    Optional<String> refusal = sampling.setPeriod(faultsPerSample);
    if (refusal.isEmpty()) {
      spans.goOn();
      faults.goOn();
      scaleWeights(sampling);
      countsSinceNanos = System.nanoTime();
      rest = Rest.NONE;
    } else if (!isRefused) {
      String uncounted = rest == Rest.ALL ? "all faults" : "minor faults";
      failures.accept(new IOException(uncounted + " go by uncounted: " + refusal.get()));
    }
    isRefused = refusal.isPresent();
    control.spend(System.nanoTime() - start);
  }
}
