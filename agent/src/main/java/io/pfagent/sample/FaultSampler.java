package io.pfagent.sample;

import io.pfagent.account.RegionAccount;
import io.pfagent.account.RegionKind;
import io.pfagent.account.SideCounters;
import io.pfagent.kernel.Capability;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Samples page faults from {@link #start} to {@link #stop}: one daemon thread reads the kernel's
 * rings, resolves each sample, adds it up, and writes it to a file while a recording wants it. Safe
 * for several threads.
 */
public final class FaultSampler implements SideCounters {

  /** The thread answers within milliseconds, unless it waits for a disk. */
  private static final int ANSWER_SECONDS = 10;

  private final RegionAccount regions;
  private final FreedRegions freed = new FreedRegions();
  private final FaultTotals totals = new FaultTotals();
  private final FaultSites sites;
  private final CurrentSpool spool;
  private final AdaptiveSampling sampling;
  private final SamplerThread loop;
  private final Thread thread;

  /**
   * @param parts how samples are taken and read
   * @param regions among which addresses are looked up
   */
  public FaultSampler(SamplerParts parts, RegionAccount regions) {
    this.regions = regions;
    this.sites = new FaultSites(parts.code());
    this.spool = new CurrentSpool(parts.code(), parts.jfrTicks(), parts.failures());
    FaultResolver resolver =
        new FaultResolver(
            regions.table(),
            freed,
            new AddressSpace(parts.jvmAreas()),
            new SampledThreads(parts.javaThreads(), parts.tasks()),
            parts.stacks().source());
    FaultPipeline pipeline = new FaultPipeline(resolver, freed, totals, parts.code(), sites, spool);
    this.sampling = new AdaptiveSampling(parts.stacks(), totals, pipeline::take, parts.failures());
    this.loop = new SamplerThread(parts, sampling, pipeline, spool);
    this.thread = new Thread(loop, "pfagent-sampler");
    this.thread.setDaemon(true);
  }

  /** Begins, and returns when faults are being sampled or {@link #capability()} tells why not. */
  public void start(SamplePeriod period) {
    regions.table().observeFreed(freed::add);
    thread.start();
    call(() -> loop.setPeriod(period));
  }

  /** Ends the sampling, waits for the thread, and gives everything back. */
  public void stop() {
    regions.table().observeFreed(null);
    loop.stop();
    try {
      thread.join(TimeUnit.SECONDS.toMillis(ANSWER_SECONDS));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether faults are sampled here, and if not, what to change. */
  public Capability capability() {
    return sampling.capability();
  }

  /** What was asked for. */
  public SamplePeriod period() {
    return sampling.period();
  }

  /** The period in force: a sample for each so many faults; 0 while there is no sampling. */
  public long faultsPerSample() {
    return sampling.faultsPerSample();
  }

  /**
   * Changes the period, or ends or begins the sampling.
   *
   * @throws IllegalStateException if sampling is denied here; the message says what to change
   */
  public void setPeriod(SamplePeriod period) {
    call(() -> loop.setPeriod(period));
    if (!period.isOff() && !capability().available()) {
      throw new IllegalStateException("no sampling: " + capability().reason());
    }
  }

  /**
   * Faults raised in user mode since sampling began, {@link #restedFaults} by estimate; -1 while
   * there is none.
   */
  @Override
  public long userFaults() {
    return sampling.userFaults().all();
  }

  /** Faults of the process, of either side, from before sampling began and while it was off. */
  @Override
  public long unsampledFaults() {
    return sampling.unsampledFaults();
  }

  /** Of the faults since sampling began, those that went by while the counting rested. */
  @Override
  public long restedFaults() {
    return sampling.restedFaults();
  }

  /** Whether each fault since then was counted: sampling is on and has not rested. */
  public boolean hasCountedSince(long nanoTime) {
    return sampling.hasCountedSince(nanoTime);
  }

  /** Samples that were read. */
  public long samples() {
    return totals.samples();
  }

  /** Samples that found no room in a ring of the kernel. */
  public long lostSamples() {
    return sampling.lostSamples();
  }

  /** Samples that were dropped on disk, the oldest ones, or all after a failure. */
  public long droppedSamples() {
    return spool.droppedSamples();
  }

  /** Whether faults that the kernel raises are sampled, too, and if not, what to change. */
  public Capability inKernel() {
    return sampling.inKernel();
  }

  /**
   * Whether a BPF program writes the samples, and if not, what to change; empty where stacks rule
   * it out, or there is no sampling.
   */
  public Optional<Capability> byProgram() {
    return sampling.byProgram();
  }

  /**
   * Faults raised in user mode on a kind of memory since sampling began: an estimate, the samples
   * scaled to the number of faults that the kernel has counted.
   */
  public long userFaults(RegionKind kind) {
    return totals.userFaults(kind, sampling.userFaults());
  }

  /** Faults that the kernel raised on a kind of memory since sampling began, by samples. */
  public long kernelFaults(RegionKind kind) {
    return totals.kernelFaults(kind);
  }

  /** Where faults were raised. */
  public FaultSites sites() {
    return sites;
  }

  /**
   * From now on samples go to a file, too.
   *
   * @param directory doesn't exist or is empty
   * @param mostBytes of the file; beyond it the oldest samples go
   * @throws IOException if it can't be written
   */
  public void beginSpool(Path directory, long mostBytes) throws IOException {
    IOException[] failed = new IOException[1];
    call(
        () -> {
          try {
            loop.beginSpool(directory, mostBytes);
          } catch (IOException failure) {
            failed[0] = failure;
          }
        });
    if (failed[0] != null) {
      throw failed[0];
    }
  }

  /** Returns when all that has faulted until now is in the file. */
  public void flush() {
    call(loop::flush);
  }

  /** Samples go to no file any more; the file stays. */
  public void endSpool() {
    call(loop::endSpool);
  }

  /** Has the sampler's thread do something, and waits for it, but not forever. */
  private void call(Runnable work) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    loop.request(
        () -> {
          try {
            work.run();
            done.complete(null);
          } catch (RuntimeException | Error failure) {
            done.completeExceptionally(failure);
          }
        });
    try {
      if (thread.isAlive()) {
        done.get(ANSWER_SECONDS, TimeUnit.SECONDS);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } catch (TimeoutException tooLate) {
      throw new IllegalStateException(
          "the sampler has not answered for " + ANSWER_SECONDS + " s", tooLate);
    } catch (ExecutionException failed) {
      throw new IllegalStateException("sampling failed: " + failed.getCause(), failed.getCause());
    }
  }
}
