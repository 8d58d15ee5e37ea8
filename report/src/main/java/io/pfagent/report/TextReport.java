package io.pfagent.report;

import java.io.PrintWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.StringJoiner;

/** Prints a summary for people. */
final class TextReport {

  private final Summary summary;
  private final PrintWriter out;

  private TextReport(Summary summary, PrintWriter out) {
    this.summary = summary;
    this.out = out;
  }

  static void print(Summary summary, PrintWriter out) {
    TextReport report = new TextReport(summary, out);
    report.header();
    report.totals();
    new TextTables(summary, out).print();
    report.denied();
    report.suggestions();
  }

  private void header() {
    Summary.File file = summary.file();
    out.println("Page faults in " + Units.clean(file.path()));
    out.println();
    line(
        "File", Units.bytes(file.bytes()) + ", " + Units.plural(summary.events(), "pfagent event"));
    if (!file.isWhole()) {
      line("", "its tail is broken: only the first " + Units.bytes(file.readBytes()) + " are read");
    }
    if (summary.lostBytes() > 0) {
      line(
          "", "JFR dropped " + Units.bytes(summary.lostBytes()) + " of events: counts are too low");
    }
    line("Recorded", recorded());
    line("JVM", jvm());
    line("Kernel", kernel());
    List<Environment.Calibration> calibrations = summary.environment().calibrations();
    if (calibrations.isEmpty()) {
      line("Fault cost", "not calibrated in this recording");
    }
    String label = "Fault cost";
    for (Environment.Calibration calibration : calibrations) {
      line(label, cost(calibration));
      label = "";
    }
  }

  private String recorded() {
    Summary.Span span = summary.span();
    Instant start = Instant.EPOCH.plusNanos(span.startNanos()).truncatedTo(ChronoUnit.SECONDS);
    return Units.time(span.nanos()) + " from " + start;
  }

  private String jvm() {
    Environment.Jvm jvm = summary.environment().jvm();
    if (jvm == null || jvm.version() == null) {
      return "unknown (no jdk.JVMInformation in this recording)";
    }
    // "OpenJDK 64-Bit Server VM (17.0.15+6) for linux-amd64 JRE (17.0.15+6), built on ..."
    return jvm.version().replaceFirst(" for .*", "") + (jvm.pid() > 0 ? ", pid " + jvm.pid() : "");
  }

  private String kernel() {
    Environment.Kernel kernel = summary.environment().kernel();
    if (kernel == null) {
      return "unknown (no pfagent.KernelSettings in this recording)";
    }
    StringJoiner text = new StringJoiner(", ");
    text.add(kernel.release() == null ? "unknown release" : kernel.release());
    text.add("pages of " + Units.bytes(kernel.pageSizeBytes()));
    text.add("THP " + Units.clean(kernel.thp()));
    if (kernel.multiPageAlloc() > 0) {
      text.add("multi_page_alloc " + kernel.multiPageAlloc());
    }
    if (kernel.memoryLimitBytes() >= 0) {
      text.add("memory limit " + Units.bytes(kernel.memoryLimitBytes()));
    }
    return text.toString();
  }

  private static String cost(Environment.Calibration calibration) {
    return "%s each: %s, %s, %s (%s)"
        .formatted(
            Units.time(calibration.costNanos()),
            Units.clean(calibration.operation()),
            Units.plural(calibration.pages(), "page"),
            Units.clean(calibration.pattern()),
            Units.plural(calibration.samples(), "sample"));
  }

  private void totals() {
    section("Faults of the process");
    ProcessTotals process = summary.process();
    if (process.sinceStart() == null) {
      out.println("  not counted in this recording (no pfagent.ProcessFaults)");
    } else {
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
      table.print(out);
      accounted();
    }
    if (summary.unmeasured() > 0) {
      out.printf(
          "  %s without a fault count: the tables below show too little%n",
          Units.plural(summary.unmeasured(), "region event"));
    }
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

  private void accounted() {
    if (summary.processFaults() < 0) {
      out.println("  one sample only: too short a recording to tell the share of tracked regions");
      return;
    }
    out.printf(
        "  tracked regions account for %s of %s (%s)%n",
        Units.count(summary.regionFaults()),
        Units.count(summary.processFaults()),
        Units.percent(summary.regionFaults(), summary.processFaults()));
  }

  private void denied() {
    section("What this machine denied");
    List<Environment.Capability> all = summary.environment().capabilities();
    List<Environment.Capability> denied = all.stream().filter(each -> !each.available()).toList();
    if (denied.isEmpty()) {
      out.println(
          all.isEmpty()
              ? "  unknown (no pfagent.Capability in this recording)"
              : "  nothing that the agent asked for");
      return;
    }
    for (Environment.Capability each : denied) {
      String fallback = each.fallback() == null ? "" : "; instead: " + each.fallback();
      Paragraph.print(out, each.name() + ": " + each.reason() + fallback);
    }
  }

  private void suggestions() {
    if (!summary.suggestions().isEmpty()) {
      section("What to try");
      summary.suggestions().forEach(each -> Paragraph.print(out, each));
    }
  }

  private void section(String title) {
    out.println();
    out.println(title);
  }

  private void line(String label, String text) {
    out.printf("  %-10s  %s%n", label, Units.clean(text));
  }
}
