package io.pfagent.sample;

import io.pfagent.jvm.JavaCode;
import io.pfagent.kernel.FaultRecord;

/**
 * The way of a sample: it is resolved and added up at once, waits until its frames have names, and
 * goes to the sites and, while a recording wants it, to the spool. Used by the sampler's thread.
 *
 * <p>What waits when a recording begins goes to its spool, too: a recording begins a moment before
 * it is heard of.
 */
final class FaultPipeline {

  private final FaultResolver resolver;
  private final FreedRegions freed;
  private final FaultTotals totals;
  private final JavaCode code;
  private final FaultSites sites;
  private final CurrentSpool spool;
  private final PendingFaults pending = new PendingFaults(this::name);
  private final SampledStack stack = new SampledStack();

  /**
   * @param freed regions that the resolver looks among
   * @param totals takes all samples
   * @param sites take them under their names
   */
  FaultPipeline(
      FaultResolver resolver,
      FreedRegions freed,
      FaultTotals totals,
      JavaCode code,
      FaultSites sites,
      CurrentSpool spool) {
    this.resolver = resolver;
    this.freed = freed;
    this.totals = totals;
    this.code = code;
    this.sites = sites;
    this.spool = spool;
  }

  /** Learns what the process looks like now, its threads and its mappings. */
  void refresh(long nowNanos) {
    resolver.refresh(nowNanos);
  }

  /** Forgets regions that were freed too long ago; to be called before samples are taken. */
  void forgetFreed(long nowNanos) {
    freed.update(nowNanos);
  }

  void take(FaultRecord record) {
    take(resolver.resolve(record));
  }

  void take(ResolvedFault fault) {
    totals.add(fault);
    pending.add(fault);
  }

  /** Names the samples that have waited long enough. */
  void nameDue(long nowNanos) {
    pending.drain(nowNanos);
  }

  /** Names all samples, as far as their code is known by now. */
  void nameAll() {
    pending.drainAll();
  }

  private void name(ResolvedFault fault) {
    stack.clear();
    StackState state = fault.stack().name(code, fault.nanoTime(), stack);
    sites.add(fault, stack);
    spool.add(fault, stack, state);
  }
}
