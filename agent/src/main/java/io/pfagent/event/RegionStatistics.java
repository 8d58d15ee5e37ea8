package io.pfagent.event;

import io.pfagent.account.FaultCosts;
import io.pfagent.account.HottestRegions;
import io.pfagent.account.Region;
import io.pfagent.account.RegionAccount;
import io.pfagent.kernel.PageMap;
import io.pfagent.kernel.Residency;
import java.util.function.Consumer;

/** Emits {@code pfagent.RegionStatistics} for the live regions that have cost the most. */
public final class RegionStatistics {

  private static final int MOST = 32;
  private static final int SCAN_LIMIT = 20_000;

  /** Walking page tables is work for the kernel: at most 1 % of the default period. */
  private static final long MAX_WALK_NANOS = 10_000_000;

  private static final RegionStatisticsEvent TYPE = new RegionStatisticsEvent();

  private final RegionAccount account;
  private final HottestRegions hottest;
  private final PageMap pageMap;
  private final Consumer<Region> lookForUnused;
  private final FaultCosts costs;

  /** Where the last call ran out of time: the next one begins with these. */
  private int firstToWalk;

  /**
   * @param lookForUnused sets {@link Region#unusedBytes}
   */
  public RegionStatistics(
      RegionAccount account, PageMap pageMap, Consumer<Region> lookForUnused, FaultCosts costs) {
    this.account = account;
    this.hottest = new HottestRegions(account.table(), MOST, SCAN_LIMIT);
    this.pageMap = pageMap;
    this.lookForUnused = lookForUnused;
    this.costs = costs;
  }

  synchronized void emit() {
    if (!TYPE.isEnabled()) {
      return;
    }
    account.nameSites();
    Region[] regions = hottest.find().toArray(Region[]::new);
    Residency[] residencies = walk(regions);
    for (int i = 0; i < regions.length; i++) {
      if (!regions[i].isFreed()) {
        emit(regions[i], residencies[i]);
      }
    }
  }

  private Residency[] walk(Region[] regions) {
    Residency[] residencies = new Residency[regions.length];
    long start = System.nanoTime();
    for (int n = 0; n < regions.length; n++) {
      int i = (firstToWalk + n) % regions.length;
      if (System.nanoTime() - start > MAX_WALK_NANOS) {
        firstToWalk = i;
        return residencies;
      }
      residencies[i] = pageMap.residency(regions[i].address(), regions[i].size());
      if (regions[i].wasPreallocated()) {
        lookForUnused.accept(regions[i]);
      }
    }
    firstToWalk = 0;
    return residencies;
  }

  private void emit(Region region, Residency residency) {
    RegionStatisticsEvent event = new RegionStatisticsEvent();
    event.regionId = region.id();
    event.kind = region.kind().label();
    event.address = region.address();
    event.size = region.size();
    event.residentBytes = residency == null ? -1 : residency.residentBytes();
    event.hugeBytes = residency == null ? -1 : residency.hugeBytes();
    event.unusedBytes = residency == null ? -1 : region.unusedBytes();
    event.minorFaults = region.minorFaults();
    event.majorFaults = region.majorFaults();
    event.faultTime = costs.timeNanos(event.minorFaults, event.majorFaults);
    event.site = region.site();
    event.commit();
  }
}
