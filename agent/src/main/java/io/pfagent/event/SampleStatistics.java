package io.pfagent.event;

import io.pfagent.account.FaultCosts;
import io.pfagent.account.RegionKind;
import io.pfagent.sample.FaultSampler;
import io.pfagent.sample.FaultSites;
import io.pfagent.sample.MemoryByKind;

/** Emits what samples add up to: for live streams, which don't see the samples themselves. */
public final class SampleStatistics {

  private static final int MOST_SITES = 32;

  private static final FaultSiteEvent SITE = new FaultSiteEvent();
  private static final MemoryKindEvent KIND = new MemoryKindEvent();
  private static final LostSamplesEvent LOST = new LostSamplesEvent();

  private final FaultSampler sampler;
  private final MemoryByKind memory;
  private final FaultCosts costs;
  private long lostInRings;
  private long droppedOnDisk;

  public SampleStatistics(FaultSampler sampler, MemoryByKind memory, FaultCosts costs) {
    this.sampler = sampler;
    this.memory = memory;
    this.costs = costs;
  }

  synchronized void emitSites() {
    if (!SITE.isEnabled()) {
      return;
    }
    for (FaultSites.Site site : sampler.sites().hottest(MOST_SITES)) {
      FaultSiteEvent event = new FaultSiteEvent();
      event.method = site.method();
      event.line = site.line();
      event.kind = site.kind().label();
      event.faults = site.faults();
      event.faultTime = costs.timeNanos(site.faults(), 0);
      event.commit();
    }
  }

  synchronized void emitKinds() {
    if (!KIND.isEnabled()) {
      return;
    }
    boolean sampling = sampler.faultsPerSample() > 0;
    boolean inKernel = sampling && sampler.inKernel().available();
    memory.read();
    for (RegionKind kind : RegionKind.values()) {
      MemoryByKind.Size size = memory.of(kind);
      MemoryKindEvent event = new MemoryKindEvent();
      event.kind = kind.label();
      event.reservedBytes = size.reservedBytes();
      event.residentBytes = size.residentBytes();
      event.hugeBytes = size.hugeBytes();
      event.faults = sampling ? sampler.userFaults(kind) : -1;
      event.kernelFaults = inKernel ? sampler.kernelFaults(kind) : -1;
      event.faultTime =
          costs.timeNanos(Math.max(0, event.faults) + Math.max(0, event.kernelFaults), 0);
      event.commit();
    }
  }

  synchronized void emitLost() {
    long lost = sampler.lostSamples();
    long dropped = sampler.droppedSamples();
    if (LOST.isEnabled()) {
      emitLost(lost - lostInRings, "ring");
      emitLost(dropped - droppedOnDisk, "disk");
      lostInRings = lost;
      droppedOnDisk = dropped;
    }
  }

  private static void emitLost(long lost, String reason) {
    if (lost > 0) {
      LostSamplesEvent event = new LostSamplesEvent();
      event.lost = lost;
      event.reason = reason;
      event.commit();
    }
  }
}
