package io.pfagent.sample;

import io.pfagent.boot.PfagentHooks;
import io.pfagent.kernel.Capability;
import io.pfagent.kernel.FaultRecord;
import io.pfagent.kernel.FaultSampling;
import io.pfagent.kernel.SampleSetUp;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;

/**
 * The loop that reads the rings. All that is not volatile or final is the loop's own; others leave
 * requests.
 */
final class SamplerThread implements Runnable {

  private static final int TICK_MILLIS = 100;
  private static final long FLUSH_NANOS = 500_000_000L;
  private static final long CHECK_NANOS = 5_000_000_000L;
  private static final Capability NOT_ASKED_FOR =
      new Capability(
          FaultSampling.NAME,
          false,
          "sample=off",
          "no sampled faults; user-side and kernel-side faults are not told apart");

  private final SamplerParts parts;
  private final FaultResolver resolver;
  private final FreedRegions freed;
  private final FaultTotals totals;
  private final FaultSites sites;
  private final Queue<Runnable> requests = new ConcurrentLinkedQueue<>();
  private final SampledSpans spans = new SampledSpans();
  private final PeriodTicks ticks = new PeriodTicks();
  private final PendingFaults pending = new PendingFaults();
  private final SampledStack stack = new SampledStack();

  private volatile FaultSampling sampling;
  private volatile Capability capability = NOT_ASKED_FOR;
  private volatile SamplePeriod period = SamplePeriod.OFF;
  private volatile boolean stopping;
  private final LongAdder lostSamples = new LongAdder();
  private volatile long droppedSamples;

  private SampleSetUp setUp;
  private SampleSpool spool;
  private long droppedByEarlierSpools;
  private long tickAtNanos;
  private long flushAtNanos;
  private long checkAtNanos;

  SamplerThread(
      SamplerParts parts,
      FaultResolver resolver,
      FreedRegions freed,
      FaultTotals totals,
      FaultSites sites) {
    this.parts = parts;
    this.resolver = resolver;
    this.freed = freed;
    this.totals = totals;
    this.sites = sites;
    this.setUp = parts.stacks().setUp();
  }

  @Override
  public void run() {
    PfagentHooks.beginOwnWork();
    try {
      while (!stopping) {
        answer();
        awaitSamples();
        work();
      }
    } catch (Throwable failure) {
      parts.failures().accept(failure);
      capability = new Capability(FaultSampling.NAME, false, failure.toString(), "no samples");
    } finally {
      end();
    }
  }

  /** Leaves something to do in the loop's thread, between two readings of the rings. */
  void request(Runnable work) {
    requests.add(work);
    FaultSampling current = sampling;
    if (current != null) {
      current.wake();
    } else {
      synchronized (requests) {
        requests.notifyAll();
      }
    }
  }

  void stop() {
    stopping = true;
    request(() -> {});
  }

  Capability capability() {
    return capability;
  }

  SamplePeriod period() {
    return period;
  }

  /** The period in force, 0 while there is no sampling. */
  long faultsPerSample() {
    FaultSampling current = sampling;
    return current == null ? 0 : current.period();
  }

  /** Faults raised in user mode since sampling began; -1 while there is none. */
  long userFaults() {
    return spans.userFaults();
  }

  /** Faults of the process, of either side, from before sampling began and while it was off. */
  long unsampledFaults() {
    return spans.unsampledFaults();
  }

  /** Samples that found no room in a ring. */
  long lostSamples() {
    return lostSamples.sum();
  }

  /** Samples that found no room on disk. */
  long droppedSamples() {
    return droppedSamples;
  }

  /** In the loop: another period, or none. */
  void setPeriod(SamplePeriod newPeriod) {
    if (newPeriod.isOff()) {
      close();
      pending.drainAll(this::name);
      capability = NOT_ASKED_FOR;
      period = newPeriod;
      return;
    }
    if (sampling == null) {
      open(newPeriod);
    } else {
      apply(newPeriod.mode() == SamplePeriod.Mode.AUTO ? ticks.period() : newPeriod.faults());
    }
    period = newPeriod;
  }

  /**
   * In the loop: from now on samples go to a file, also those that wait for their names: a
   * recording begins a moment before it is heard of.
   */
  void beginSpool(Path directory, long mostBytes) throws IOException {
    if (spool == null) {
      spool = new SampleSpool(directory, mostBytes, parts.code(), parts.jfrTicks());
    }
  }

  /** In the loop: all that has faulted until now is in the file after this. */
  void flush() {
    work();
    pending.drainAll(this::name);
    flushSpool();
  }

  /** In the loop: samples go to no file any more; the file stays. */
  void endSpool() {
    if (spool == null) {
      return;
    }
    try {
      spool.close();
    } catch (IOException failure) {
      parts.failures().accept(failure);
    }
    droppedByEarlierSpools += spool.droppedSamples();
    spool = null;
  }

  private void answer() {
    for (Runnable next = requests.poll(); next != null; next = requests.poll()) {
      next.run();
    }
  }

  private void awaitSamples() throws InterruptedException {
    FaultSampling current = sampling;
    if (current != null) {
      current.await(TICK_MILLIS);
      return;
    }
    synchronized (requests) {
      while (requests.isEmpty() && !stopping) {
        requests.wait();
      }
    }
  }

  private void work() {
    FaultSampling current = sampling;
    if (current == null) {
      return;
    }
    long now = System.nanoTime();
    freed.update(now);
    current.drain(this::take);
    pending.drain(now, this::name);
    lostSamples.add(current.takeLost());
    if (now - tickAtNanos >= TICK_MILLIS * 1_000_000L) {
      tickAtNanos = now;
      adapt();
      growStacks();
    }
    if (now - flushAtNanos >= FLUSH_NANOS) {
      flushAtNanos = now;
      flushSpool();
    }
    if (now - checkAtNanos >= CHECK_NANOS) {
      checkAtNanos = now;
      resolver.refresh(now);
      if (sampling.missesProcessors()) {
        reopen(setUp);
      }
    }
  }

  private void growStacks() {
    SampleSetUp adapted = parts.stacks().adapted(setUp, sampling.ringBytes());
    if (!adapted.equals(setUp)) {
      reopen(adapted);
    }
  }

  /** Where it is refused, that is told, and all goes on as before. */
  private void reopen(SampleSetUp adapted) {
    FaultSampling before = sampling;
    setUp = adapted;
    FaultSampling.Opened opened = before.reopen(adapted);
    if (opened.sampling().isEmpty()) {
      String reason = opened.capability().reason();
      parts.failures().accept(new IOException("sampling goes on as it was set up: " + reason));
      return;
    }
    sampling = opened.sampling().get();
    spans.replace(sampling);
    begin(sampling, (int) sampling.period());
    finish(before);
  }

  private void take(FaultRecord record) {
    ResolvedFault fault = resolver.resolve(record);
    totals.add(fault.kind(), fault.weight());
    pending.add(fault, this::name);
  }

  private void name(ResolvedFault fault) {
    stack.clear();
    StackState state = fault.stack().name(parts.code(), fault.nanoTime(), stack);
    sites.add(fault, stack);
    if (spool != null) {
      try {
        spool.add(fault, stack, state);
      } catch (IOException failure) {
        parts.failures().accept(failure);
      }
    }
  }

  /** Where the period is the agent's choice: does it still fit? */
  private void adapt() {
    if (period.mode() == SamplePeriod.Mode.AUTO) {
      apply(ticks.next(totals.faults(), lostSamples.sum()));
    } else {
      ticks.skip(totals.faults(), lostSamples.sum());
    }
  }

  private void apply(int faultsPerSample) {
    if (sampling.period() != faultsPerSample) {
      Optional<String> refusal = sampling.setPeriod(faultsPerSample);
      refusal.ifPresent(
          reason ->
              parts
                  .failures()
                  .accept(new IOException("the sample period stays as it is: " + reason)));
    }
  }

  private void open(SamplePeriod newPeriod) {
    int first =
        newPeriod.mode() == SamplePeriod.Mode.AUTO
            ? newControl(setUp.ringBytes(), PeriodControl.FIRST_PERIOD).period()
            : newPeriod.faults();
    FaultSampling.Opened opened = FaultSampling.open(setUp, first);
    capability = opened.capability();
    sampling = opened.sampling().orElse(null);
    if (sampling != null) {
      spans.begin(sampling);
      begin(sampling, PeriodControl.FIRST_PERIOD);
      resolver.refresh(System.nanoTime());
      if (newPeriod.mode() == SamplePeriod.Mode.AUTO) {
        apply(ticks.period());
      }
    }
  }

  private void begin(FaultSampling opened, int faultsPerSample) {
    ticks.begin(
        newControl(opened.ringBytes(), faultsPerSample), totals.faults(), lostSamples.sum());
    long now = System.nanoTime();
    tickAtNanos = now;
    flushAtNanos = now;
    checkAtNanos = now;
  }

  private PeriodControl newControl(int ringBytes, int faultsPerSample) {
    return new PeriodControl(
        parts.stacks().nanosPerSample(setUp),
        ringBytes / setUp.layout().bytesPerSample(),
        faultsPerSample);
  }

  private void flushSpool() {
    if (spool == null) {
      return;
    }
    try {
      spool.flush();
    } catch (IOException failure) {
      parts.failures().accept(failure);
    }
    droppedSamples = droppedByEarlierSpools + spool.droppedSamples();
  }

  private void close() {
    FaultSampling current = sampling;
    if (current != null) {
      spans.end();
      sampling = null;
      finish(current);
    }
  }

  private void finish(FaultSampling ended) {
    ended.drain(this::take);
    lostSamples.add(ended.takeLost());
    ended.close();
  }

  private void end() {
    close();
    pending.drainAll(this::name);
    endSpool();
    parts.stacks().source().close();
    parts.tasks().close();
    answer();
  }
}
