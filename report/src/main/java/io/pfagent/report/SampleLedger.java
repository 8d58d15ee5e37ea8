package io.pfagent.report;

/** Adds up the sampled page faults of a recording, apart from what belongs to single regions. */
final class SampleLedger {

  private final SampleQuality quality = new SampleQuality();
  private final KindTotals kinds = new KindTotals();
  private final FaultSites sites = new FaultSites();
  private final MajorFaults majors = new MajorFaults();

  /** How many faults a sample stands for. */
  static long weight(EventFields event) {
    return Math.max(1, event.number("weight"));
  }

  static String kind(EventFields event) {
    return event.text("kind", "other");
  }

  /** Takes a {@code pfagent.PageFault} in the first pass. */
  void sample(EventFields event) {
    long weight = weight(event);
    boolean major = event.isTrue("major");
    quality.sample(event, weight);
    sites.sample(event.stack(), kind(event), weight, major);
    if (major) {
      majors.sample(event.number("regionId"), kind(event), weight);
    }
  }

  /** Takes it again in the second pass, if the process counters cover its time. */
  void covered(EventFields event) {
    kinds.sample(kind(event), weight(event), event.isTrue("major"), event.isTrue("inKernel"));
  }

  void lost(EventFields event) {
    quality.lost(event);
  }

  void memoryKind(EventFields event) {
    kinds.told(event);
  }

  void faultSite(EventFields event) {
    sites.told(event);
  }

  /** Whether no sample was recorded; the agent's sums may be there all the same. */
  boolean isEmpty() {
    return quality.samples() == 0;
  }

  /** Takes the allocation of a region in the second pass. */
  void allocated(EventFields event) {
    majors.allocated(event);
  }

  /**
   * What was found.
   *
   * @param process the counters that the samples are a part of
   */
  SampleSummary summary(ProcessTotals process, Ranking<SampledRegion> regions, int top) {
    boolean isSampled = quality.samples() > 0;
    var rows = kinds.rows(isSampled, process.isRecordedFromStart());
    return new SampleSummary(
        quality,
        rows,
        FaultAccount.of(rows, process.whileRecorded()),
        sites.top(top),
        regions,
        majors.top(top));
  }
}
