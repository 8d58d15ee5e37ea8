package io.pfagent.sample;

import io.pfagent.kernel.FaultSampling;
import io.pfagent.kernel.Rusage;
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
  private final Rusage rusage = new Rusage();

  private RestControl control = new RestControl();
  private RestedFaults minor = new RestedFaults();
  private RestedFaults major = new RestedFaults();
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
    minor = new RestedFaults();
    major = new RestedFaults();
    rest = Rest.NONE;
    countsSinceNanos = System.nanoTime();
  }

  /** Whether samples stand for faults of a rest; then rings are to be read often. */
  boolean areBeingTold() {
    return minor.scale() > 1 || major.scale() > 1;
  }

  /** Samples were read. */
  void told(FaultSampling sampling) {
    minor.told(sampling.minorWeights().takeToldBeyond());
    major.told(sampling.majorWeights().takeToldBeyond());
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
      minor.counted(sampledMinor(sampling, tick));
      major.counted(sampledMajor(sampling, tick));
      scaleWeights(sampling);
    } else {
      begin(next, sampling);
    }
  }

  /**
   * A tick of a rest is over: does the counting go on now, or does more rest?
   *
   * @param nanosPerSample what a sample costs, kernel and reader together
   * @param faultsPerSample the period then
   */
  void rested(FaultSampling sampling, Tick tick, long nanosPerSample, int faultsPerSample) {
    minor.rested(sampledMinor(sampling, tick));
    if (rest == Rest.ALL) {
      major.rested(sampledMajor(sampling, tick));
    } else {
      major.counted(sampledMajor(sampling, tick));
      scaleWeights(sampling);
    }
    Rest next = control.rested(rest, tick, sides(sampling), nanosPerSample);
    if (next == Rest.NONE) {
      goOn(sampling, faultsPerSample);
    } else if (next != rest) {
      begin(next, sampling);
    }
  }

  /** From now on each fault counts, and a sample stands for its period. */
  void endRests(FaultSampling sampling, int faultsPerSample) {
    if (isResting()) {
      goOn(sampling, faultsPerSample);
    }
    minor = new RestedFaults();
    major = new RestedFaults();
    scaleWeights(sampling);
  }

  private void scaleWeights(FaultSampling sampling) {
    sampling.minorWeights().scale(minor.scale(), minor.pending());
    sampling.majorWeights().scale(major.scale(), major.pending());
  }

  /** Those that would have samples. */
  private long sampledMinor(FaultSampling sampling, Tick tick) {
    return sampled(sampling, tick.minorFaults(), spans.minorUserShare());
  }

  private long sampledMajor(FaultSampling sampling, Tick tick) {
    return sampled(sampling, tick.majorFaults(), spans.majorUserShare());
  }

  private static long sampled(FaultSampling sampling, long faults, double userShare) {
    return sampling.inKernel().available() ? faults : Math.round(faults * userShare);
  }

  private void begin(Rest next, FaultSampling sampling) {
    long start = ownNanos();
    if (!isResting()) {
      spans.restMinor();
    }
    rest = next;
    if (next == Rest.ALL) {
      spans.restMajor();
      sampling.restEntirely();
    } else {
      sampling.rest();
    }
    control.spendOnRest(ownNanos() - start);
  }

  /** Processor time of this thread: it may have to wait for one. */
  private long ownNanos() {
    return rusage.readThread() ? rusage.processorNanos() : System.nanoTime();
  }

  private static int sides(FaultSampling sampling) {
    return sampling.inKernel().available() ? 2 : 1;
  }

  /** Where it is refused, that is told once, and tried again when that can be paid for. */
  private void goOn(FaultSampling sampling, int faultsPerSample) {
    long start = ownNanos();
    Optional<String> refusal = sampling.setPeriod(faultsPerSample);
    if (refusal.isEmpty()) {
      spans.goOn();
      minor.goOn();
      major.goOn();
      scaleWeights(sampling);
      countsSinceNanos = System.nanoTime();
      rest = Rest.NONE;
    } else if (!isRefused) {
      String uncounted = rest == Rest.ALL ? "all faults" : "minor faults";
      failures.accept(new IOException(uncounted + " go by uncounted: " + refusal.get()));
    }
    isRefused = refusal.isPresent();
    control.spendOnGoingOn(ownNanos() - start);
  }
}
