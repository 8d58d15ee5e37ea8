package io.pfagent.report;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/** Tells what a report's figures come from: the file, the time, the JVM, the kernel. */
final class HeaderFacts {

  private final Summary summary;
  private final List<Document.Fact> facts = new ArrayList<>();

  private HeaderFacts(Summary summary) {
    this.summary = summary;
  }

  static List<Document.Fact> of(Summary summary) {
    HeaderFacts header = new HeaderFacts(summary);
    header.file();
    header.add("Recorded", header.recorded());
    header.add("JVM", header.jvm());
    header.add("Kernel", header.kernel());
    header.calibrations();
    SampleSections.facts(summary.samples().quality()).forEach(header::add);
    return header.facts;
  }

  private void add(String label, String text) {
    add(new Document.Fact(label, text));
  }

  private void add(Document.Fact fact) {
    facts.add(fact);
  }

  private void file() {
    Summary.File file = summary.file();
    add("File", Units.bytes(file.bytes()) + ", " + Units.plural(summary.events(), "pfagent event"));
    if (!file.isWhole()) {
      add("", "its tail is broken: only the first " + Units.bytes(file.readBytes()) + " are read");
    }
    if (summary.lostBytes() > 0) {
      add("", "JFR dropped " + Units.bytes(summary.lostBytes()) + " of events: counts are too low");
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

  private void calibrations() {
    List<Environment.Calibration> calibrations = summary.environment().calibrations();
    if (calibrations.isEmpty()) {
      add("Fault cost", "not calibrated in this recording");
    }
    String label = "Fault cost";
    for (Environment.Calibration calibration : calibrations) {
      add(label, cost(calibration));
      label = "";
    }
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
}
