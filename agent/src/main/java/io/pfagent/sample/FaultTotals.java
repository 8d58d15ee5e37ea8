package io.pfagent.sample;

import io.pfagent.account.RegionKind;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** What the samples add up to, each counted as often as it stands for. */
final class FaultTotals {

  private final Map<RegionKind, LongAdder> userByKind = new EnumMap<>(RegionKind.class);
  private final Map<RegionKind, LongAdder> kernelByKind = new EnumMap<>(RegionKind.class);
  private final LongAdder samples = new LongAdder();
  private final LongAdder userFaults = new LongAdder();

  FaultTotals() {
    for (RegionKind kind : RegionKind.values()) {
      userByKind.put(kind, new LongAdder());
      kernelByKind.put(kind, new LongAdder());
    }
  }

  /**
   * @param inKernel whether the kernel raised it
   */
  void add(RegionKind kind, boolean inKernel, long weight) {
    (inKernel ? kernelByKind : userByKind).get(kind).add(weight);
    if (!inKernel) {
      userFaults.add(weight);
    }
    samples.increment();
  }

  /** Faults on this kind of memory that were raised in user mode. */
  long userFaults(RegionKind kind) {
    return userByKind.get(kind).sum();
  }

  /** Faults on this kind of memory that the kernel raised. */
  long kernelFaults(RegionKind kind) {
    return kernelByKind.get(kind).sum();
  }

  /** All that were raised in user mode. */
  long userFaults() {
    return userFaults.sum();
  }

  /** Samples that were read. */
  long samples() {
    return samples.sum();
  }
}
