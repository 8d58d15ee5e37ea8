package io.pfagent.report;

import java.util.ArrayList;
import java.util.List;

/** Says a summary in words and tables. */
final class ReportDocument {

  private final Summary summary;

  private ReportDocument(Summary summary) {
    this.summary = summary;
  }

  static Document of(Summary summary) {
    ReportDocument report = new ReportDocument(summary);
    List<Section> sections = new ArrayList<>();
    sections.add(report.totals());
    sections.addAll(VerdictSections.of(summary.verdicts()));
    sections.addAll(SampleSections.of(summary.samples()));
    sections.addAll(RegionSections.of(summary));
    sections.add(report.denied());
    if (!summary.suggestions().isEmpty()) {
      sections.add(report.suggestions());
    }
    return new Document(
        "Page faults in " + Units.clean(summary.file().path()), HeaderFacts.of(summary), sections);
  }

  private Section totals() {
    Section section = new Section("Faults of the process");
    ProcessTotals process = summary.process();
    if (process.sinceStart() == null) {
      section.line("not counted in this recording (no pfagent.ProcessFaults)");
    } else {
      section.table(counters(process));
      section.line(accounted());
    }
    if (summary.unmeasured() > 0) {
      section.line(
          "%s without a fault count: the tables below show too little"
              .formatted(Units.plural(summary.unmeasured(), "region event")));
    }
    return section;
  }

  private static Table counters(ProcessTotals process) {
    Table table =
        new Table()
            .name("")
            .number("minor")
            .number("major")
            .number("user mode")
            .number("kernel mode")
            .number("unattributed")
            .number("est. time");
    if (process.isRecordedFromStart()) {
      row(table, "since JVM start, all recorded", process.sinceStart());
    } else {
      if (process.whileRecorded() != null) {
        row(table, "while recorded", process.whileRecorded());
      }
      row(table, "since JVM start", process.sinceStart());
    }
    return table;
  }

  private static void row(Table table, String label, FaultCounters counters) {
    table.row(
        label,
        Units.count(counters.minorFaults()),
        Units.count(counters.majorFaults()),
        Units.count(counters.userFaults()),
        Units.count(counters.kernelFaults()),
        Units.count(counters.unattributedFaults()),
        Units.estimate(counters.faultTimeNanos(), counters.faults()));
  }

  private String accounted() {
    if (summary.processFaults() < 0) {
      return "one sample only: too short a recording to tell the share of tracked regions";
    }
    return "tracked regions account for %s of %s (%s)"
        .formatted(
            Units.count(summary.regionFaults()),
            Units.count(summary.processFaults()),
            Units.percent(summary.regionFaults(), summary.processFaults()));
  }

  private Section denied() {
    Section section = new Section("What this machine denied");
    List<Environment.Capability> all = summary.environment().capabilities();
    List<Environment.Capability> denied = all.stream().filter(each -> !each.available()).toList();
    if (denied.isEmpty()) {
      section.line(
          all.isEmpty()
              ? "unknown (no pfagent.Capability in this recording)"
              : "nothing that the agent asked for");
    }
    for (Environment.Capability each : denied) {
      String fallback = each.fallback() == null ? "" : "; instead: " + each.fallback();
      section.text(each.name() + ": " + each.reason() + fallback);
    }
    return section;
  }

  private Section suggestions() {
    Section section = new Section("What to try");
    summary.suggestions().forEach(section::text);
    return section;
  }
}
