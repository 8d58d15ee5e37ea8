package io.pfagent.report;

import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Adds up the region events of a recording by region and by allocation site. */
final class RegionLedger {

  /** Smaller ones cost too little for advice. */
  private static final long PLAIN_MIN_BYTES = 4L << 20;

  private static final Comparator<RegionTable.Entry> CHEAPEST_FIRST =
      Comparator.comparingLong(RegionTable.Entry::totalNanos)
          .thenComparingLong(RegionTable.Entry::totalFaults)
          .thenComparing(Comparator.comparingLong(RegionTable.Entry::id).reversed());

  private static final Comparator<RegionTable.Entry> COLDEST_FIRST =
      Comparator.comparingLong(RegionTable.Entry::sampledFaults)
          .thenComparing(Comparator.comparingLong(RegionTable.Entry::id).reversed());

  private final SiteTable sites = new SiteTable();
  private final RegionTable regions = new RegionTable();
  private long unmeasured;
  private long costlyCount;
  private long sampledCount;

  void allocated(EventFields event) {
    long id = event.number("regionId");
    long size = event.number("size");
    int site = sites.indexOf(event.site());
    SiteTotals totals = sites.get(site);
    totals.addAllocation(size, event.faults());
    if (isPlain(event, size)) {
      totals.addPlainAllocation(size, event.faults());
    }
    countUnmeasured(event);
    if (id > 0) {
      regions.allocated(id, site, size, event.endNanos());
      regions.addFaults(id, event.faults(), event.nanos("faultTime"));
    }
  }

  /** Takes a {@code pfagent.PageFault}. */
  void sampled(EventFields event, long weight) {
    long id = event.number("regionId");
    if (id > 0) {
      regions.addSampled(id, weight);
    }
  }

  void touched(EventFields event) {
    long id = event.number("regionId");
    countUnmeasured(event);
    if (id > 0) {
      regions.addFaults(id, event.faults(), event.nanos("faultTime"));
    }
  }

  void freed(EventFields event) {
    long id = event.number("regionId");
    if (id > 0) {
      life(id, event);
      regions.freed(id);
    }
  }

  void statistics(EventFields event) {
    long id = event.number("regionId");
    if (id > 0) {
      life(id, event);
      String site = event.text("site");
      if (site != null) {
        regions.siteIfUnknown(id, sites.indexOf(site));
      }
    }
  }

  private void life(long id, EventFields event) {
    regions.life(id, event.number("size"), event.faults(), event.nanos("faultTime"));
  }

  private void countUnmeasured(EventFields event) {
    if (event.faults() == EventFields.UNKNOWN) {
      unmeasured++;
    }
  }

  private static boolean isPlain(EventFields event, long size) {
    return size >= PLAIN_MIN_BYTES
        && event.number("preallocPages") <= 1
        && !"mapped-file".equals(event.text("kind"));
  }

  /** Adds the regions to their sites; to be called once, after the last event. */
  void finish() {
    int before = sites.indexOf(Site.BEFORE_RECORDING);
    regions.forEach(
        region -> {
          siteTotals(region.site(), before).addRegion(region);
          costlyCount += region.totalFaults() > 0 ? 1 : 0;
          sampledCount += region.sampledFaults() > 0 ? 1 : 0;
        });
    sites.all().forEach(SiteTotals::finish);
  }

  private SiteTotals siteTotals(int site, int otherwise) {
    return sites.get(site == RegionTable.UNKNOWN_SITE ? otherwise : site);
  }

  /** Counts an event in the time that the process counters cover; to be called after the end. */
  void addCovered(EventFields event) {
    long id = event.number("regionId");
    int site = id > 0 ? regions.site(id) : RegionTable.UNKNOWN_SITE;
    siteTotals(site, sites.indexOf(Site.BEFORE_RECORDING)).addCovered(Math.max(0, event.faults()));
  }

  /** The sites that something is known of. */
  List<SiteTotals> sites() {
    return sites.all().stream()
        .filter(site -> site.regions() + site.liveRegions() + site.faults() > 0)
        .toList();
  }

  /** The regions with the highest estimated fault time, the most costly first. */
  List<RegionTable.Entry> mostCostly(int top) {
    return first(top, CHEAPEST_FIRST, region -> region.totalFaults() > 0);
  }

  /** The regions with most sampled faults, the hottest first. */
  List<RegionTable.Entry> mostSampled(int top) {
    return first(top, COLDEST_FIRST, region -> region.sampledFaults() > 0);
  }

  private List<RegionTable.Entry> first(
      int top, Comparator<RegionTable.Entry> lastFirst, Predicate<RegionTable.Entry> condition) {
    PriorityQueue<RegionTable.Entry> queue = new PriorityQueue<>(lastFirst);
    regions.forEach(
        region -> {
          if (condition.test(region)) {
            queue.add(region);
            if (queue.size() > top) {
              queue.remove();
            }
          }
        });
    return queue.stream().sorted(lastFirst.reversed()).toList();
  }

  /** How many regions had faults at all. */
  long costlyCount() {
    return costlyCount;
  }

  /** How many regions had samples. */
  long sampledCount() {
    return sampledCount;
  }

  /** What is known of the region of an event; of an id of 0, nothing is. */
  RegionTable.Entry get(long id) {
    return regions.get(Math.max(0, id));
  }

  void forEach(Consumer<RegionTable.Entry> action) {
    regions.forEach(action);
  }

  String siteName(RegionTable.Entry region) {
    return region.site() == RegionTable.UNKNOWN_SITE
        ? Site.BEFORE_RECORDING
        : sites.get(region.site()).site();
  }

  /** Allocations and touches whose faults nobody could count. */
  long unmeasured() {
    return unmeasured;
  }
}
