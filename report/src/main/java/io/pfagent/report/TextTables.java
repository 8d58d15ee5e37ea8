package io.pfagent.report;

import java.io.PrintWriter;

/** Prints the rankings of a summary. */
final class TextTables {

  private final Summary summary;
  private final PrintWriter out;

  TextTables(Summary summary, PrintWriter out) {
    this.summary = summary;
    this.out = out;
  }

  void print() {
    sites();
    regions();
    touches();
    threads();
  }

  private void sites() {
    section("Regions by allocation site, with their faults at allocation and by touch");
    Ranking<SiteTotals> sites = summary.sites();
    if (sites.total() == 0) {
      out.println("  no region was tracked");
      return;
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
    print(table, sites, "site");
  }

  private void regions() {
    section("Regions that cost most, with their faults at allocation and by touch");
    Ranking<RegionRow> regions = summary.regions();
    if (regions.total() == 0) {
      out.println("  no tracked region had a fault that was counted");
      return;
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
          region.path(),
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
    print(table, regions, "region");
  }

  private void touches() {
    section("Who touched");
    Ranking<TouchTotals.Row> touches = summary.touches();
    if (touches.total() == 0) {
      out.println("  no region was touched by a hooked operation");
      return;
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
    print(table, touches, "row");
  }

  private void threads() {
    section("Threads, since their start");
    Ranking<ThreadTotals.Row> threads = summary.threads();
    if (threads.total() == 0) {
      out.println("  no thread was sampled (no pfagent.ThreadFaults in this recording)");
      return;
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
    print(table, threads, "thread");
  }

  private void section(String title) {
    out.println();
    out.println(title);
  }

  private void print(Table table, Ranking<?> ranking, String noun) {
    table.print(out);
    if (ranking.left() > 0) {
      out.printf("  and %s more (see --top)%n", Units.plural(ranking.left(), noun));
    }
  }
}
