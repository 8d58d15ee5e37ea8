package io.pfagent.report;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;

/** Tells what each change of the preallocation brought. */
final class VerdictSections {

  private VerdictSections() {}

  static List<Section> of(Verdicts verdicts) {
    List<Section> sections = new ArrayList<>();
    if (verdicts.changes() == 0) {
      return sections;
    }
    verdicts.judged().forEach(verdict -> sections.add(section(verdict)));
    if (verdicts.withoutEffect().total() > 0) {
      Section section = new Section("Preallocation changes without effect");
      for (Change change : verdicts.withoutEffect().rows()) {
        section.text("%s: %s: %s".formatted(name(change), change.outcome(), change.message()));
      }
      sections.add(section);
    }
    return sections;
  }

  private static Section section(Verdict verdict) {
    Section section = new Section(name(verdict.change()) + ": the same work before and after");
    section.text(summary(verdict));
    if (verdict.works().total() > 0) {
      section.ranking(table(verdict), verdict.works(), "work");
      section.text(
          "Faults are those of user mode, from samples. Counted is what getrusage tells for each"
              + " MB, which takes populated pages for faults too.");
    }
    section.text(resident(verdict));
    if (verdict.unusedAfter() != null && verdict.unusedAfter().upperQuartile() > 0) {
      section.text(
          "Waste: %s of it was preallocated afterwards and holds zeros alone (median, quartiles)."
              .formatted(bytes(verdict.unusedAfter())));
    }
    if (verdict.change().message() != null && !verdict.change().message().isEmpty()) {
      section.text("The agent said: " + verdict.change().message());
    }
    return section;
  }

  private static String name(Change change) {
    Instant time = Instant.EPOCH.plusNanos(change.nanos()).truncatedTo(ChronoUnit.SECONDS);
    return "Preallocation %s to %s, %s, %s at %s"
        .formatted(
            pages(change.oldPages()),
            pages(change.newPages()),
            Units.clean(change.backend()),
            change.isOfRegion() ? "region " + change.regionId() : Units.clean(change.scope()),
            time);
  }

  private static String pages(long pages) {
    return pages < 0 ? "unknown" : Units.plural(pages, "page");
  }

  private static String summary(Verdict verdict) {
    long faster = verdict.count(Comparison.Outcome.FASTER);
    long slower = verdict.count(Comparison.Outcome.SLOWER);
    long same = verdict.count(Comparison.Outcome.NO_DIFFERENCE);
    if (faster + slower + same == 0) {
      return "No verdict: no work was done often enough on both sides (%d settled runs each)."
          .formatted(Comparison.MIN_SETTLED);
    }
    return "Verdict by time, beyond chance (1 in 100) and 5 %%: %d faster, %d slower, %d as before."
        .formatted(faster, slower, same);
  }

  private static Table table(Verdict verdict) {
    Table table =
        new Table()
            .place("work")
            .number("runs")
            .number("time per MB")
            .number("faults per MB")
            .phrase("verdict");
    for (Comparison work : verdict.works().rows()) {
      WorkSide before = work.sideBefore();
      WorkSide after = work.sideAfter();
      table.rowWithNote(
          note(work),
          name(work.work()),
          arrow(Units.count(before.events()), Units.count(after.events())),
          arrow(time(work.before()), time(work.after())),
          arrow(rate(before.userFaultsPerUnit()), rate(after.userFaultsPerUnit())),
          work.verdict());
    }
    return table;
  }

  private static String note(Comparison work) {
    WorkSide before = work.sideBefore();
    WorkSide after = work.sideAfter();
    StringJoiner note = new StringJoiner("; ");
    note.add(work.work().site());
    if (work.before() != null && work.after() != null) {
      note.add("half took " + arrow(quartiles(work.before()), quartiles(work.after())));
    }
    note.add(
        "counted "
            + arrow(rate(before.countedFaultsPerUnit()), rate(after.countedFaultsPerUnit())));
    if (!Double.isNaN(before.residentShare()) || !Double.isNaN(after.residentShare())) {
      note.add("in RAM " + arrow(share(before.residentShare()), share(after.residentShare())));
    }
    return note.toString();
  }

  private static String name(Work work) {
    return work.isPerRun()
        ? work.action() + ", each run"
        : work.action() + ", from " + Units.bytes(1L << work.sizeClass());
  }

  private static String quartiles(Spread nanos) {
    return Units.time(Math.round(nanos.lowerQuartile()))
        + " to "
        + Units.time(Math.round(nanos.upperQuartile()));
  }

  private static String arrow(String before, String after) {
    return before.equals(Units.UNKNOWN) && after.equals(Units.UNKNOWN)
        ? Units.UNKNOWN
        : before + " > " + after;
  }

  private static String time(Spread spread) {
    return spread == null ? Units.UNKNOWN : Units.time(Math.round(spread.median()));
  }

  private static String rate(double perMegabyte) {
    return Double.isNaN(perMegabyte)
        ? Units.UNKNOWN
        : String.format(Locale.ROOT, "%,.1f", perMegabyte);
  }

  private static String share(double share) {
    return Double.isNaN(share) ? Units.UNKNOWN : String.format(Locale.ROOT, "%.0f %%", 100 * share);
  }

  private static String resident(Verdict verdict) {
    if (verdict.residentBefore() == null || verdict.residentAfter() == null) {
      return "Resident memory of the process: not known on both sides.";
    }
    return "Resident memory of the process: %s before, %s after (median, quartiles)."
        .formatted(bytes(verdict.residentBefore()), bytes(verdict.residentAfter()));
  }

  private static String bytes(Spread spread) {
    return "%s (%s to %s)"
        .formatted(
            Units.bytes(Math.round(spread.median())),
            Units.bytes(Math.round(spread.lowerQuartile())),
            Units.bytes(Math.round(spread.upperQuartile())));
  }
}
