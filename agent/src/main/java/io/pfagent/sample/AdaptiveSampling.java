package io.pfagent.sample;

import io.pfagent.kernel.Capability;
import io.pfagent.kernel.FaultCounts;
import io.pfagent.kernel.FaultRecord;
import io.pfagent.kernel.FaultSampling;
import io.pfagent.kernel.SampleSetUp;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/**
 * The kernel's sampling, on or off: its period follows what it costs, and where that is not enough
 * the counting rests at times; its set-up follows what the stacks need. One thread changes and
 * reads it; any may ask how it stands, or {@link #wake()} that thread.
 */
final class AdaptiveSampling implements AutoCloseable {

  private static final int TICK_MILLIS = 100;

  /** While all is new, what doesn't fit should show at once. */
  private static final int SHORT_WAIT_MILLIS = 10;

  private static final long FIRST_NANOS = 2_000_000_000L;

  /** So long a program starts, as far as its stacks tell. */
  private static final long START_NANOS = 10_000_000_000L;

  private static final Capability NOT_ASKED_FOR =
      new Capability(
          FaultSampling.NAME,
          false,
          "sample=off",
          "no sampled faults; user-side and kernel-side faults are not told apart");

  private final StackReading stacks;
  private final FaultTotals totals;
  private final Consumer<FaultRecord> samples;
  private final Consumer<Throwable> failures;
  private final BiFunction<FaultSampling, SampleSetUp, FaultSampling.Opened> reopening;
  private final SampledSpans spans = new SampledSpans();
  private final Ticks ticks = new Ticks();
  private final CountingRests rests;
  private final LongAdder lostSamples = new LongAdder();

  private volatile FaultSampling sampling;
  private volatile Capability capability = NOT_ASKED_FOR;
  private volatile SamplePeriod period = SamplePeriod.OFF;

  private SampleSetUp setUp;
  private PeriodControl control;
  private boolean wasOpened;
  private long firstOpenedNanos;
  private long tickAtNanos;

  /**
   * @param totals of the samples; they tell what sampling costs
   * @param samples takes each sample
   * @param failures takes what went wrong
   */
  AdaptiveSampling(
      StackReading stacks,
      FaultTotals totals,
      Consumer<FaultRecord> samples,
      Consumer<Throwable> failures) {
    this(stacks, totals, samples, failures, FaultSampling::reopen);
  }

  /**
   * @param reopening goes on with another set-up
   */
  AdaptiveSampling(
      StackReading stacks,
      FaultTotals totals,
      Consumer<FaultRecord> samples,
      Consumer<Throwable> failures,
      BiFunction<FaultSampling, SampleSetUp, FaultSampling.Opened> reopening) {
    this.stacks = stacks;
    this.totals = totals;
    this.samples = samples;
    this.failures = failures;
    this.reopening = reopening;
    this.rests = new CountingRests(spans, failures);
    this.setUp = stacks.setUp();
  }

  /** Whether faults are being sampled. */
  boolean isOn() {
    return sampling != null;
  }

  /** Whether faults can be sampled here, and if not, what to change. */
  Capability capability() {
    return capability;
  }

  /** Whether faults that the kernel raises are sampled, too, and if not, what to change. */
  Capability inKernel() {
    FaultSampling current = sampling;
    return current == null
        ? new Capability(
            FaultSampling.IN_KERNEL, false, "no faults are sampled", capability.fallback())
        : current.inKernel();
  }

  /**
   * Whether a BPF program writes the samples, and if not, what to change; empty where stacks rule
   * it out, or there is no sampling.
   */
  Optional<Capability> byProgram() {
    return Optional.ofNullable(sampling).flatMap(FaultSampling::byProgram);
  }

  /** What was asked for. */
  SamplePeriod period() {
    return period;
  }

  /** The period in force, 0 while there is no sampling. */
  long faultsPerSample() {
    FaultSampling current = sampling;
    return current == null ? 0 : current.period();
  }

  /** Faults raised in user mode since sampling began; unknown while there is none. */
  FaultCounts userFaults() {
    return spans.userFaults();
  }

  /** Faults of the process, of either side, from before sampling began and while it was off. */
  long unsampledFaults() {
    return spans.unsampledFaults();
  }

  /** Of the faults since sampling began, those that went by while the counting rested. */
  long restedFaults() {
    return spans.restedFaults();
  }

  /** Whether each fault since then was counted. */
  boolean hasCountedSince(long nanoTime) {
    return sampling != null && rests.hasCountedSince(nanoTime);
  }

  /** Samples that found no room in a ring. */
  long lostSamples() {
    return lostSamples.sum();
  }

  /**
   * Ends an {@link #await}, the one that runs or the next one.
   *
   * @return false if there is no sampling, and nobody to wake here
   */
  boolean wake() {
    FaultSampling current = sampling;
    if (current == null) {
      return false;
    }
    current.wake();
    return true;
  }

  /** Waits until there is much to read, somebody calls {@link #wake()}, or a tick is over. */
  void await() {
    boolean isNew = System.nanoTime() - firstOpenedNanos < FIRST_NANOS;
    sampling.await(isNew || rests.areBeingTold() ? SHORT_WAIT_MILLIS : TICK_MILLIS);
  }

  /** Another period, or none. */
  void setPeriod(SamplePeriod newPeriod) {
    period = newPeriod;
    if (newPeriod.isOff()) {
      close();
      capability = NOT_ASKED_FOR;
    } else if (sampling == null) {
      open();
    } else {
      if (!isAuto()) {
        rests.endRests(sampling, newPeriod.faults());
      }
      apply(isAuto() ? control.period() : newPeriod.faults());
    }
  }

  /** Hands on what the rings hold. */
  void drain() {
    drain(sampling);
  }

  /** Do the copies of stacks still fit and, once a tick is over, the period? */
  void tick(long nowNanos) {
    if (!rests.isResting()) {
      fitStacks(nowNanos);
    }
    if (nowNanos - tickAtNanos < TICK_MILLIS * 1_000_000L) {
      return;
    }
    tickAtNanos = nowNanos;
    adapt(ticks.next(totals, lostSamples.sum()));
  }

  /** Includes processors that the process may use only now. */
  void followProcessors() {
    if (!rests.isResting() && sampling.missesProcessors()) {
      reopen(setUp);
    }
  }

  /** It is over with sampling, for this reason. */
  void fail(Throwable failure) {
    failures.accept(failure);
    capability = new Capability(FaultSampling.NAME, false, failure.toString(), "no samples");
  }

  /** Hands on the last samples, and samples no more. */
  @Override
  public void close() {
    FaultSampling current = sampling;
    if (current != null) {
      spans.end();
      sampling = null;
      finish(current);
    }
  }

  private void open() {
    int first =
        isAuto()
            ? newControl(setUp.ringBytes(), PeriodControl.FIRST_PERIOD).period()
            : period.faults();
    FaultSampling.Opened opened = FaultSampling.open(setUp, first);
    capability = opened.capability();
    sampling = opened.sampling().orElse(null);
    if (sampling != null) {
      spans.begin(sampling);
      rests.begin();
      if (!wasOpened) {
        wasOpened = true;
        firstOpenedNanos = System.nanoTime();
      }
      begin(sampling, PeriodControl.FIRST_PERIOD);
      if (isAuto()) {
        apply(control.period());
      }
    }
  }

  private void fitStacks(long nowNanos) {
    SampleSetUp adapted =
        stacks.adapted(setUp, sampling.ringBytes(), nowNanos - firstOpenedNanos < START_NANOS);
    if (!adapted.equals(setUp)) {
      reopen(adapted);
    }
  }

  /** Where it is refused, that is told, and all goes on as before. */
  private void reopen(SampleSetUp adapted) {
    FaultSampling before = sampling;
    // Refused or not: no tick asks for the same again.
    setUp = adapted;
    FaultSampling.Opened opened = reopening.apply(before, adapted);
    if (opened.sampling().isEmpty()) {
      String reason = opened.capability().reason();
      failures.accept(new IOException("sampling goes on as it was set up: " + reason));
      return;
    }
    sampling = opened.sampling().get();
    spans.replace(sampling);
    finish(before);
    begin(sampling, (int) sampling.period());
  }

  private void begin(FaultSampling opened, int faultsPerSample) {
    control = newControl(opened.ringBytes(), faultsPerSample);
    rests.adopt(opened);
    ticks.next(totals, lostSamples.sum());
    tickAtNanos = System.nanoTime();
  }

  private void finish(FaultSampling ended) {
    drain(ended);
    ended.close();
  }

  private void drain(FaultSampling from) {
    from.drain(samples);
    rests.told(from);
    lostSamples.add(from.takeLost());
  }

  /** Where the cost is for the agent to keep low: does all still fit? */
  private void adapt(Tick tick) {
    if (rests.isResting()) {
      rests.rested(
          sampling, tick, control.nanosPerSample(), isAuto() ? control.period() : period.faults());
    } else if (isAuto()) {
      rests.counted(sampling, tick, control.nanosPerSample());
      int faultsPerSample = control.next(tick);
      // Where the switches cost too much, samples are few: their period is as good as ever.
      if (rests.rest() == Rest.MINOR) {
        control.suitRests();
      }
      apply(faultsPerSample);
    }
  }

  private boolean isAuto() {
    return period.mode() == SamplePeriod.Mode.AUTO;
  }

  private void apply(int faultsPerSample) {
    if (!rests.isResting() && sampling.period() != faultsPerSample) {
      Optional<String> refusal = sampling.setPeriod(faultsPerSample);
      refusal.ifPresent(
          reason ->
              failures.accept(new IOException("the sample period stays as it is: " + reason)));
    }
  }

  private PeriodControl newControl(int ringBytes, int faultsPerSample) {
    return new PeriodControl(
        stacks.nanosPerSample(setUp), ringBytes / setUp.layout().bytesPerSample(), faultsPerSample);
  }
}
