package io.pfagent.report;

import java.util.List;

/** Tells what was measured exactly: regions by site, regions, who touched them, threads. */
final class RegionSections {

  private final Summary summary;

  private RegionSections(Summary summary) {
    this.summary = summary;
  }

  static List<Section> of(Summary summary) {
    RegionSections sections = new RegionSections(summary);
    return List.of(sections.sites(), sections.regions(), sections.touches(), sections.threads());
  }

  private Section sites() {
    Section section =
        new Section("Regions by allocation site, with their faults at allocation and by touch");
    Ranking<SiteTotals> sites = summary.sites();
    if (sites.total() == 0) {
      return section.line("no region was tracked");
    }
    Table table =
        new Table()
            .place("site")
            .number("regions")
            .number("bytes")
            .number("live")
            .number("live bytes")
            .number("at alloc")
            .number("by touch")
            .number("est. time")
            .number("share");
    for (SiteTotals site : sites.rows()) {
      table.row(
          site.site(),
          Units.count(site.regions()),
          Units.bytes(site.bytes()),
          Units.count(site.liveRegions()),
          Units.bytes(site.liveBytes()),
          Units.count(site.allocationFaults()),
          Units.count(site.touchFaults()),
          Units.estimate(site.faultTimeNanos(), site.faults()),
          Units.percent(site.coveredFaults(), summary.processFaults()));
    }
    return section.ranking(table, sites, "site");
  }

  private Section regions() {
    Section section =
        new Section("Regions that cost most, with their faults at allocation and by touch");
    Ranking<RegionRow> regions = summary.regions();
    if (regions.total() == 0) {
      return section.line("no tracked region had a fault that was counted");
    }
    Table table =
        new Table()
            .number("id")
            .name("kind")
            .number("size")
            .number("resident")
            .number("at alloc")
            .number("by touch")
            .number("est. time")
            .number("lifetime")
            .place("allocated by");
    for (RegionRow region : regions.rows()) {
      table.rowWithNote(
          note(region),
          Long.toString(region.regionId()),
          region.kind(),
          Units.bytes(region.sizeBytes()),
          Units.percent(region.residentBytes(), region.sizeBytes()),
          Units.count(region.allocationFaults()),
          Units.count(region.touchFaults()),
          Units.estimate(region.faultTimeNanos(), region.faults()),
          region.freed() ? Units.time(region.lifetimeNanos()) : "live",
          region.site());
    }
    return section.ranking(table, regions, "region");
  }

  private static String note(RegionRow region) {
    return region.unusedBytes() > 0
        ? Units.bytes(region.unusedBytes()) + " of it preallocated and not used when last looked at"
        : region.path();
  }

  private Section touches() {
    Section section = new Section("Who touched");
    Ranking<TouchTotals.Row> touches = summary.touches();
    if (touches.total() == 0) {
      return section.line("no region was touched by a hooked operation");
    }
    Table table =
        new Table()
            .name("operation")
            .place("method")
            .place("called from")
            .number("events")
            .number("bytes")
            .number("minor")
            .number("major")
            .number("est. time");
    for (TouchTotals.Row touch : touches.rows()) {
      table.row(
          touch.operation(),
          touch.method(),
          touch.site(),
          Units.count(touch.events()),
          Units.bytes(touch.bytes()),
          Units.count(touch.minorFaults()),
          Units.count(touch.majorFaults()),
          Units.estimate(touch.faultTimeNanos(), touch.faults()));
    }
    return section.ranking(table, touches, "row");
  }

  private Section threads() {
    Section section = new Section("Threads, since their start");
    Ranking<ThreadTotals.Row> threads = summary.threads();
    if (threads.total() == 0) {
      return section.line("no thread was sampled (no pfagent.ThreadFaults in this recording)");
    }
    Table table =
        new Table()
            .name("thread")
            .number("tid")
            .number("minor")
            .number("major")
            .number("while recorded")
            .number("user time")
            .number("system time")
            .number("system share");
    for (ThreadTotals.Row thread : threads.rows()) {
      boolean timed = thread.userTimeNanos() >= 0 && thread.systemTimeNanos() >= 0;
      long cpuNanos =
          timed ? thread.userTimeNanos() + thread.systemTimeNanos() : EventFields.UNKNOWN;
      table.row(
          thread.name(),
          thread.osThreadId() < 0 ? Units.UNKNOWN : Long.toString(thread.osThreadId()),
          Units.count(thread.minorFaults()),
          Units.count(thread.majorFaults()),
          Units.count(thread.faultsWhileRecorded()),
          Units.time(thread.userTimeNanos()),
          Units.time(thread.systemTimeNanos()),
          Units.percent(thread.systemTimeNanos(), cpuNanos));
    }
    return section.ranking(table, threads, "thread");
  }
}
