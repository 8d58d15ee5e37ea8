package io.pfagent.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Tells what the fault samples say: kinds of memory, code, regions, files. */
final class SampleSections {

  private final SampleSummary samples;

  private SampleSections(SampleSummary samples) {
    this.samples = samples;
  }

  /** The sections that the recording has anything for. */
  static List<Section> of(SampleSummary samples) {
    SampleSections all = new SampleSections(samples);
    List<Section> sections = new ArrayList<>();
    if (!all.samples.kinds().isEmpty()) {
      sections.add(all.kinds());
    }
    if (all.samples.sites().total() > 0) {
      sections.add(all.sites());
    }
    if (all.samples.regions().total() > 0) {
      sections.add(all.regions());
    }
    if (all.samples.majors().total() > 0) {
      sections.add(all.majors());
    }
    return sections;
  }

  /** Lines for the report's head; none if nothing was sampled. */
  static List<Document.Fact> facts(SampleQuality quality) {
    List<Document.Fact> facts = new ArrayList<>();
    if (quality.samples() > 0) {
      facts.add(
          new Document.Fact(
              "Samples",
              "%s for %s faults, %s"
                  .formatted(
                      Units.count(quality.samples()),
                      Units.count(quality.faults()),
                      period(quality))));
      facts.add(new Document.Fact("", "stacks: " + stacks(quality)));
    }
    quality
        .lostByReason()
        .forEach(
            (reason, lost) ->
                facts.add(
                    new Document.Fact(
                        facts.isEmpty() ? "Samples" : "",
                        Units.count(lost) + " lost, the figures are too low: " + reason)));
    return facts;
  }

  private static String period(SampleQuality quality) {
    if (quality.largestPeriod() == 1) {
      return "every fault";
    }
    return quality.smallestPeriod() == quality.largestPeriod()
        ? "one fault in " + Units.count(quality.largestPeriod())
        : "each for %s to %s"
            .formatted(Units.count(quality.smallestPeriod()), Units.count(quality.largestPeriod()));
  }

  private static String stacks(SampleQuality quality) {
    return quality.stackStates().entrySet().stream()
        .map(state -> state.getKey() + " " + Units.percent(state.getValue(), quality.samples()))
        .collect(Collectors.joining(", "));
  }

  private Section kinds() {
    Section section = new Section("Faults by kind of memory");
    FaultAccount account = samples.account();
    Table table =
        new Table()
            .name("kind")
            .number("user side")
            .number("kernel side")
            .number("share")
            .number("major")
            .number("reserved")
            .number("resident")
            .number("huge");
    for (KindTotals.Row kind : samples.kinds()) {
      table.row(
          kind.kind(),
          Units.count(kind.userFaults()),
          Units.count(kind.kernelFaults()),
          Units.percent(kind.faults(), account.allFaults()),
          Units.count(kind.majorFaults()),
          Units.bytes(kind.reservedBytes()),
          Units.bytes(kind.residentBytes()),
          Units.bytes(kind.hugeBytes()));
    }
    section.table(table);
    if (account.allFaults() < 0) {
      return section.line("shares are unknown: the process was not counted, or only once");
    }
    section.line(sum(account));
    if (account.restedFaults() > 0) {
      section.line(
          "%s of these went by uncounted while sample=auto rested to keep its cost low: their side and kind are estimates; sample=N counts each"
              .formatted(Units.count(account.restedFaults())));
    }
    return section;
  }

  private static String sum(FaultAccount account) {
    boolean hasKernel = account.kernelFaults() >= 0;
    return "user side %s%s + %s %s%s = %s that the kernel counted; accounted for: %s%s"
        .formatted(
            Units.count(account.userFaults()),
            hasKernel ? " + kernel side " + Units.count(account.kernelFaults()) : "",
            hasKernel ? "unattributed" : "kernel side or unattributed",
            Units.count(account.unattributedFaults()),
            account.unsampledFaults() > 0
                ? " + while nothing was sampled " + Units.count(account.unsampledFaults())
                : "",
            Units.count(account.allFaults()),
            Units.percent(
                Math.min(account.explained(), account.sampledFaults()), account.sampledFaults()),
            account.unsampledFaults() > 0 ? " of the others" : "");
  }

  private Section sites() {
    boolean isSampled = samples.quality().samples() > 0;
    Section section =
        new Section(
            isSampled
                ? "Hottest code: who faulted"
                : "Hottest code: who faulted, by the agent's own sums (no samples recorded)");
    Table table =
        new Table()
            .place("method")
            .place("called from")
            .name("kind")
            .number("samples")
            .number("faults")
            .number("major")
            .number("share");
    long all = isSampled ? samples.quality().faults() : samples.account().allFaults();
    for (FaultSites.Row site : samples.sites().rows()) {
      table.row(
          site.method(),
          site.application() == null ? "" : site.application(),
          site.kind(),
          Units.count(site.samples()),
          Units.count(site.faults()),
          Units.count(site.majorFaults()),
          Units.percent(site.faults(), all));
    }
    return section.ranking(table, samples.sites(), "row");
  }

  private Section regions() {
    Section section = new Section("Hottest regions: where in them, and in which order");
    Table table =
        new Table()
            .number("id")
            .name("kind")
            .number("size")
            .number("faults")
            .number("share")
            .strip("start to end")
            .name("where")
            .name("order")
            .place("allocated by");
    for (SampledRegion region : samples.regions().rows()) {
      AccessPattern.Pattern pattern = region.pattern();
      String step =
          pattern.stridePages() > 1
              ? ", every %s pages".formatted(Units.count(pattern.stridePages()))
              : "";
      table.rowWithNote(
          region.path(),
          Long.toString(region.regionId()),
          region.kind(),
          Units.bytes(region.sizeBytes()),
          Units.count(region.faults()),
          Units.percent(region.faults(), samples.quality().faults()),
          Strip.of(pattern.parts()),
          pattern.where() + step,
          pattern.order() == null ? Units.UNKNOWN : pattern.order(),
          region.site());
    }
    section.ranking(table, samples.regions(), "region");
    return samples.account().restedFaults() > 0
        ? section.line(
            "a sample after a rest stands for faults that went by on other regions, too: one that lived short may show more than it had")
        : section;
  }

  private Section majors() {
    Section section = new Section("Major faults: what was read from a device");
    Table table = new Table().place("file").name("kind").number("regions").number("faults");
    for (MajorFaults.Row file : samples.majors().rows()) {
      table.row(
          file.file(),
          file.kind(),
          file.regions() == 0 ? Units.UNKNOWN : Units.count(file.regions()),
          Units.count(file.faults()));
    }
    section.ranking(table, samples.majors(), "file");
    long counted = samples.account().majorFaults();
    long sampled = samples.kinds().stream().mapToLong(KindTotals.Row::majorFaults).sum();
    if (counted > sampled) {
      section.line(
          "the kernel counted %s while recorded, the samples tell of %s"
              .formatted(Units.count(counted), Units.count(sampled)));
    }
    return section.line(
        "estimated times take them for minor faults: the wait for the device is not in them");
  }
}
