package io.pfagent.sample;

import io.pfagent.account.RegionKind;
import io.pfagent.kernel.FaultCounts;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** What the samples add up to, each counted as often as it stands for. */
final class FaultTotals {

  private final ByKind userMinor = new ByKind();
  private final ByKind userMajor = new ByKind();
  private final ByKind kernel = new ByKind();
  private final LongAdder samples = new LongAdder();
  private final LongAdder majorSamples = new LongAdder();

  /** Another sample was read. */
  void add(ResolvedFault fault) {
    sumOf(fault).add(fault.kind(), fault.weight());
    samples.increment();
    if (fault.isMajor()) {
      majorSamples.increment();
    }
  }

  private ByKind sumOf(ResolvedFault fault) {
    if (fault.inKernel()) {
      return kernel;
    }
    return fault.isMajor() ? userMajor : userMinor;
  }

  /**
   * Faults on this kind of memory that were raised in user mode: the samples, scaled to what was
   * counted.
   *
   * @param counted all that were raised in user mode, if that is known
   */
  long userFaults(RegionKind kind, FaultCounts counted) {
    return userMinor.scaled(kind, counted.minor()) + userMajor.scaled(kind, counted.major());
  }

  /** Faults on this kind of memory that the kernel raised. */
  long kernelFaults(RegionKind kind) {
    return kernel.of(kind);
  }

  /** Samples that were read. */
  long samples() {
    return samples.sum();
  }

  /** Samples of major faults among them. */
  long majorSamples() {
    return majorSamples.sum();
  }

  private static final class ByKind {
    private final Map<RegionKind, LongAdder> faults = new EnumMap<>(RegionKind.class);
    private final LongAdder all = new LongAdder();

    ByKind() {
      for (RegionKind kind : RegionKind.values()) {
        faults.put(kind, new LongAdder());
      }
    }

    void add(RegionKind kind, long weight) {
      faults.get(kind).add(weight);
      all.add(weight);
    }

    long of(RegionKind kind) {
      return faults.get(kind).sum();
    }

    long scaled(RegionKind kind, long counted) {
      long sampled = all.sum();
      double scale = sampled > 0 && counted > 0 ? (double) counted / sampled : 1;
      return Math.round(of(kind) * scale);
    }
  }
}
