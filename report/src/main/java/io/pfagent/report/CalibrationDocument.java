package io.pfagent.report;

import io.pfagent.kernel.CallCost;
import io.pfagent.kernel.FirstWriteCost;
import io.pfagent.kernel.KernelSettings;
import io.pfagent.kernel.NotMeasured;
import io.pfagent.kernel.PageOrder;
import io.pfagent.kernel.RoundTimes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Lays a calibration out: the same two tables as native/bench prints, with what Java adds. */
final class CalibrationDocument {

  private static final int LONGEST_BAR = 16;

  private final Calibration calibration;

  private CalibrationDocument(Calibration calibration) {
    this.calibration = calibration;
  }

  static Document of(Calibration calibration) {
    CalibrationDocument parts = new CalibrationDocument(calibration);
    List<Section> sections = new ArrayList<>();
    sections.add(parts.calls());
    sections.add(parts.writes());
    Section left = parts.left();
    if (!left.blocks().isEmpty()) {
      sections.add(left);
    }
    return new Document("Cost of calls and page faults", parts.facts(), sections);
  }

  private List<Document.Fact> facts() {
    KernelSettings settings = calibration.settings();
    return List.of(
        new Document.Fact("Kernel", "Linux " + settings.kernel() + largePages(settings)),
        new Document.Fact("Processor", calibration.processor()),
        new Document.Fact(
            "Java",
            System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version")),
        new Document.Fact(
            "Memory",
            "%s, anonymous, pages of %s"
                .formatted(Units.bytes(calibration.bytes()), Units.bytes(settings.pageSize()))));
  }

  private static String largePages(KernelSettings settings) {
    String thp = settings.thp().isEmpty() ? "" : ", large pages " + settings.thp();
    return settings.mthp().isEmpty() ? thp : thp + " (" + settings.mthp() + ")";
  }

  private Section calls() {
    Table table =
        new Table()
            .phrase("call")
            .number("ns")
            .number("lowest")
            .number("half of rounds")
            .number("without JNA")
            .number("Java calls")
            .phrase("");
    double longest =
        calibration.calls().costs().stream().mapToDouble(calibration::ownNanos).max().orElse(1);
    for (CallCost cost : calibration.calls().costs()) {
      double own = calibration.ownNanos(cost);
      table.row(
          cost.call(),
          decimal(cost.perCall().medianNanos()),
          decimal(cost.perCall().lowestNanos()),
          half(cost.perCall(), "%.1f"),
          cost.kind() == CallCost.Kind.SYSTEM ? decimal(own) : Units.UNKNOWN,
          whole(own / calibration.functionNanos()),
          bar(own, longest));
    }
    int rounds = calibration.calls().costs().get(0).perCall().rounds();
    return new Section("What a call costs")
        .table(table)
        .line("median of %d rounds, which took turns".formatted(rounds))
        .text(
            """
            The Java method is called through an interface and isn't inlined. System calls are made \
            through JNA; labs is about the cheapest function of the C library, so its time is what \
            JNA takes, %s ns here, which isn't the kernel's: the last three columns are without it. \
            They are upper bounds: returning through JNA takes longer after a system call."""
                .formatted(decimal(calibration.jnaNanos())));
  }

  private Section writes() {
    Table table =
        new Table()
            .phrase("order")
            .number("pages per fault")
            .phrase("by")
            .number("ns per page")
            .number("half of rounds")
            .number("of 1")
            .number("again")
            .number("faults")
            .number("seen")
            .phrase("");
    double longest =
        calibration.writes().costs().stream()
            .mapToDouble(cost -> cost.perPage().medianNanos())
            .max()
            .orElse(1);
    for (FirstWriteCost cost : calibration.writes().costs()) {
      double nanos = cost.perPage().medianNanos();
      table.row(
          cost.order().pattern(),
          Integer.toString(cost.supply().pages()),
          cost.supply().wayName(),
          whole(nanos),
          half(cost.perPage(), "%.0f"),
          decimal(100 * nanos / ofOnePage(cost.order())) + " %",
          decimal(cost.again().medianNanos()),
          Units.count(cost.faults()),
          cost.faults() > 0
              ? String.format(Locale.ROOT, "%.3f", (double) cost.pages() / cost.faults())
              : Units.UNKNOWN,
          bar(nanos, longest));
    }
    FirstWriteCost first = calibration.writes().costs().get(0);
    return new Section("What the first write to a page costs")
        .table(table)
        .line("median of %d rounds, which took turns".formatted(first.perPage().rounds()))
        .text(
            """
            %s pages each time; 'again' is the same write to a page that is there, 'seen' the pages \
            per fault by the kernel's count of faults."""
                .formatted(Units.count(first.pages())));
  }

  /** The cost of a page that is brought alone, which is always measured. */
  private double ofOnePage(PageOrder order) {
    return calibration.writes().costs().stream()
        .filter(cost -> cost.order() == order && cost.supply().pages() == 1)
        .mapToDouble(cost -> cost.perPage().medianNanos())
        .findFirst()
        .orElseThrow();
  }

  private Section left() {
    Section section = new Section("What this machine doesn't give");
    for (NotMeasured each : calibration.calls().left()) {
      section.text(each.what() + ": " + each.reason());
    }
    for (NotMeasured each : calibration.writes().left()) {
      section.text(each.what() + " per fault: " + each.reason());
    }
    return section;
  }

  private static String decimal(double nanos) {
    return String.format(Locale.ROOT, "%.1f", nanos);
  }

  private static String whole(double number) {
    return String.format(Locale.ROOT, "%,.0f", number);
  }

  /** Between which times half of the rounds are. */
  private static String half(RoundTimes times, String format) {
    return String.format(
        Locale.ROOT,
        format + " to " + format,
        times.lowerQuartileNanos(),
        times.upperQuartileNanos());
  }

  private static String bar(double nanos, double longest) {
    return "=".repeat((int) Math.round(LONGEST_BAR * nanos / longest));
  }
}
