package io.pfagent.report;

import java.io.IOException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/**
 * Reads a recording in two passes, event by event. The first adds everything up; the second, which
 * knows the costly regions and the time that the process counters cover, fills in what belongs to
 * these. Within a file events may come in any order.
 */
final class RecordingReader {

  private static final String AGENT_EVENT = "pfagent.";
  private static final String JVM_EVENT = "jdk.JVMInformation";
  private static final String LOSS_EVENT = "jdk.DataLoss";

  private static final Comparator<SiteTotals> MOST_COSTLY_FIRST =
      Comparator.comparingLong(SiteTotals::faultTimeNanos)
          .thenComparingLong(SiteTotals::faults)
          .thenComparingLong(SiteTotals::bytes)
          .reversed()
          .thenComparing(SiteTotals::site);

  private final RecordingSource source;
  private final RegionLedger regions = new RegionLedger();
  private final TouchTotals touches = new TouchTotals();
  private final ThreadTotals threads = new ThreadTotals();
  private final Environment environment = new Environment();
  private final SampleLedger samples = new SampleLedger();
  private final VerdictLedger verdicts = new VerdictLedger();
  private final ProcessTotals process;
  private final Map<Long, RegionDetails> details = new HashMap<>();
  private List<RegionTable.Entry> costly = List.of();
  private List<RegionTable.Entry> sampled = List.of();
  private long events;
  private long lostBytes;
  private long startNanos = Long.MAX_VALUE;
  private long endNanos = Long.MIN_VALUE;
  private long regionFaults;

  private RecordingReader(RecordingSource source) {
    this.source = source;
    this.process = new ProcessTotals(source.startNanos());
  }

  /**
   * Reads a recording.
   *
   * @param top how many rows of each ranking to keep
   * @throws CommandException if it is damaged, or holds no event of the agent
   */
  static Summary read(RecordingSource source, int top) {
    return new RecordingReader(source).read(top);
  }

  private Summary read(int top) {
    forEachEvent(this::addUp);
    if (events == 0) {
      throw new CommandException(
          source.original()
              + " holds no pfagent event; record the application with:"
              + " java -javaagent:pfagent.jar=record=app.jfr ...");
    }
    regions.finish();
    verdicts.finish();
    costly = regions.mostCostly(top);
    costly.forEach(this::details);
    sampled = regions.mostSampled(top);
    sampled.forEach(region -> details(region).expectSamples(environment.pageBytes()));
    forEachEvent(this::fillIn);
    if (verdicts.isOpen()) {
      addSamplesToVerdicts();
    }
    return summary(top);
  }

  private RegionDetails details(RegionTable.Entry region) {
    return details.computeIfAbsent(
        region.id(), id -> new RegionDetails(region, regions.siteName(region)));
  }

  private void forEachEvent(Consumer<EventFields> action) {
    try (RecordingFile file = new RecordingFile(source.readable())) {
      while (file.hasMoreEvents()) {
        RecordedEvent event = file.readEvent();
        String name = event.getEventType().getName();
        if (name.startsWith(AGENT_EVENT) || name.equals(JVM_EVENT) || name.equals(LOSS_EVENT)) {
          action.accept(new EventFields(event));
        }
      }
    } catch (IOException | RuntimeException e) {
      // The JDK's parser trusts a file: damage shows as any unchecked exception.
      throw new CommandException(source.original() + " is damaged: " + e, e);
    }
  }

  private void addUp(EventFields event) {
    if (event.eventName().startsWith(AGENT_EVENT)) {
      events++;
      startNanos = Math.min(startNanos, event.startNanos());
      endNanos = Math.max(endNanos, event.endNanos());
    }
    switch (event.eventName()) {
      case JVM_EVENT -> {
        environment.jvm(event);
        process.acceptJvm(event);
      }
      case LOSS_EVENT -> lostBytes += Math.max(0, event.number("amount"));
      case "pfagent.RegionAllocation" -> regions.allocated(event);
      case "pfagent.RegionFree" -> regions.freed(event);
      case "pfagent.RegionStatistics" -> regions.statistics(event);
      case "pfagent.RegionTouch" -> {
        regions.touched(event);
        touches.accept(event);
      }
      case "pfagent.PageFault" -> {
        regions.sampled(event, SampleLedger.weight(event));
        samples.sample(event);
      }
      case "pfagent.LostSamples" -> samples.lost(event);
      case "pfagent.MemoryKind" -> samples.memoryKind(event);
      case "pfagent.FaultSite" -> samples.faultSite(event);
      case "pfagent.PreallocChange" -> verdicts.changed(event);
      case "pfagent.ThreadFaults" -> threads.accept(event);
      case "pfagent.ProcessFaults" -> process.accept(event);
      case "pfagent.KernelSettings" -> environment.kernelSettings(event);
      case "pfagent.Capability" -> environment.capability(event);
      case "pfagent.CostCalibration" -> environment.calibration(event);
      default -> {
        // An event that this report does not show.
      }
    }
  }

  private void fillIn(EventFields event) {
    switch (event.eventName()) {
      case "pfagent.RegionAllocation" -> {
        addCovered(event);
        withDetails(event, region -> region.allocated(event));
        samples.allocated(event);
      }
      case "pfagent.RegionTouch" -> addCovered(event);
      case "pfagent.RegionFree" -> withDetails(event, region -> region.freed(event));
      case "pfagent.RegionStatistics" -> withDetails(event, region -> region.statistics(event));
      case "pfagent.PageFault" -> {
        if (process.covers(event.startNanos())) {
          samples.covered(event);
        }
        withDetails(event, region -> region.sampled(event, SampleLedger.weight(event)));
      }
      default -> {
        // The first pass took all there is.
      }
    }
    if (verdicts.isOpen()) {
      judge(event);
    }
  }

  private void judge(EventFields event) {
    switch (event.eventName()) {
      case "pfagent.RegionAllocation" -> {
        String site = event.site();
        verdicts.cases().forEach(each -> each.allocated(event, site));
      }
      case "pfagent.RegionTouch" -> {
        String site = event.site();
        RegionTable.Entry region = regions.get(event.number("regionId"));
        verdicts.cases().forEach(each -> each.touched(event, region, site));
      }
      case "pfagent.RegionStatistics" -> {
        RegionTable.Entry region = regions.get(event.number("regionId"));
        String site = regions.siteName(region);
        verdicts.cases().forEach(each -> each.lookedAt(event, region, site));
      }
      case "pfagent.ProcessFaults" -> verdicts.cases().forEach(each -> each.process(event));
      default -> {
        // It tells nothing of the work that a change is about.
      }
    }
  }

  private void withDetails(EventFields event, Consumer<RegionDetails> action) {
    RegionDetails region = details.get(event.number("regionId"));
    if (region != null) {
      action.accept(region);
    }
  }

  private void addCovered(EventFields event) {
    if (event.number("regionId") > 0 && process.covers(event.endNanos())) {
      regions.addCovered(event);
      regionFaults += Math.max(0, event.faults());
    }
  }

  private void addSamplesToVerdicts() {
    if (samples.isEmpty()) {
      return;
    }
    regions.forEach(
        region -> {
          String site = regions.siteName(region);
          verdicts.cases().forEach(each -> each.sampled(region, site));
        });
  }

  private Summary summary(int top) {
    Ranking<SiteTotals> sites = Ranking.of(regions.sites(), MOST_COSTLY_FIRST, top);
    SampleSummary sampleSummary =
        samples.summary(
            process,
            new Ranking<>(
                sampled.stream().map(region -> details(region).toSampledRegion()).toList(),
                regions.sampledCount()),
            top);
    return new Summary(
        new Summary.File(source.original().toString(), source.size(), source.readableBytes()),
        events,
        lostBytes,
        new Summary.Span(startNanos, endNanos),
        environment,
        process,
        processFaults(),
        regionFaults,
        regions.unmeasured(),
        sampleSummary,
        sites,
        new Ranking<>(
            costly.stream().map(region -> details(region).toRow()).toList(), regions.costlyCount()),
        touches.top(top),
        threads.top(top, process.isRecordedFromStart()),
        verdicts.verdicts(top),
        Suggestions.of(sites.rows(), sampleSummary, environment, processFaults()));
  }

  private long processFaults() {
    FaultCounters counters = process.whileRecorded();
    return counters == null ? EventFields.UNKNOWN : counters.faults();
  }
}
