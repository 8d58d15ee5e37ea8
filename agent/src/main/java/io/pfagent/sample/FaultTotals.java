package io.pfagent.sample;

import io.pfagent.account.RegionKind;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** What the samples add up to. */
final class FaultTotals {

  private final Map<RegionKind, LongAdder> byKind = new EnumMap<>(RegionKind.class);
  private final LongAdder samples = new LongAdder();
  private final LongAdder faults = new LongAdder();

  FaultTotals() {
    for (RegionKind kind : RegionKind.values()) {
      byKind.put(kind, new LongAdder());
    }
  }

  void add(RegionKind kind, long weight) {
    byKind.get(kind).add(weight);
    faults.add(weight);
    samples.increment();
  }

  /** Faults on this kind of memory, each sample counted as often as it stands for. */
  long of(RegionKind kind) {
    return byKind.get(kind).sum();
  }

  /** Samples that were read. */
  long samples() {
    return samples.sum();
  }

  /** Faults that these stand for. */
  long faults() {
    return faults.sum();
  }
}
