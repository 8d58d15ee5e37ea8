package io.pfagent.account;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * The live regions that have cost the most. Each call looks at a bounded part of the table and at
 * the hottest of the last call: exact for as many regions as one call looks at, and for more of
 * them complete after a few calls. Used by one thread.
 */
public final class HottestRegions {

  private static final Comparator<Ranked> BY_COST =
      Comparator.comparingLong(Ranked::faults).thenComparingLong(ranked -> ranked.region().size());

  private final RegionTable table;
  private final int most;
  private final int scanLimit;
  private List<Region> last = List.of();
  private long next;

  /**
   * @param most how many regions a call gives at the most
   * @param scanLimit how many regions a call looks at, some 30 ns each
   */
  public HottestRegions(RegionTable table, int most, int scanLimit) {
    this.table = table;
    this.most = most;
    this.scanLimit = scanLimit;
  }

  /** The hottest first; among equals, the largest. */
  public List<Region> find() {
    PriorityQueue<Ranked> hottest = new PriorityQueue<>(most + 1, BY_COST);
    Set<Region> known = new HashSet<>(last);
    last.forEach(region -> offer(hottest, region));
    next =
        table.scan(
            next,
            scanLimit,
            region -> {
              if (!known.contains(region)) {
                offer(hottest, region);
              }
            });
    List<Ranked> ranked = new ArrayList<>(hottest);
    ranked.sort(BY_COST.reversed());
    last = ranked.stream().map(Ranked::region).toList();
    return last;
  }

  private void offer(PriorityQueue<Ranked> hottest, Region region) {
    if (region.isFreed()) {
      return;
    }
    hottest.add(new Ranked(region, region.minorFaults() + region.majorFaults()));
    if (hottest.size() > most) {
      hottest.poll();
    }
  }

  private record Ranked(Region region, long faults) {}
}
