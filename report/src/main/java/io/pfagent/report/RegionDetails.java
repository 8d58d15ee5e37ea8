package io.pfagent.report;

/** Collects, in a second pass, what the first one did not keep of a region. */
final class RegionDetails {

  private final RegionTable.Entry totals;
  private final String site;
  private String kind;
  private long address = EventFields.UNKNOWN;
  private long allocationFaults = EventFields.UNKNOWN;
  private long preallocPages = EventFields.UNKNOWN;
  private String zeroing;
  private String path;
  private long lifetimeNanos = EventFields.UNKNOWN;
  private long residentBytes = EventFields.UNKNOWN;
  private long hugeBytes = EventFields.UNKNOWN;
  private long unusedBytes = EventFields.UNKNOWN;
  private AccessPattern pattern;
  private long lookedAtNanos = Long.MIN_VALUE;

  RegionDetails(RegionTable.Entry totals, String site) {
    this.totals = totals;
    this.site = site;
  }

  void allocated(EventFields event) {
    identify(event);
    kind = event.text("kind", kind);
    allocationFaults = event.faults();
    preallocPages = event.number("preallocPages");
    zeroing = event.text("zeroing");
    path = event.text("path");
  }

  void freed(EventFields event) {
    identify(event);
    lifetimeNanos = event.nanos("lifetime");
    unused(event);
  }

  void statistics(EventFields event) {
    identify(event);
    if (event.startNanos() >= lookedAtNanos) {
      lookedAtNanos = event.startNanos();
      residentBytes = event.number("residentBytes");
      hugeBytes = event.number("hugeBytes");
      unused(event);
    }
  }

  /** Keeps what is known, also where a look fails or the event comes from an older agent. */
  private void unused(EventFields event) {
    long bytes = event.number("unusedBytes");
    unusedBytes = bytes < 0 ? unusedBytes : bytes;
  }

  /** Makes this one of the regions whose samples are looked at. */
  void expectSamples(long pageBytes) {
    pattern = new AccessPattern(Math.max(1, totals.sizeBytes()), pageBytes);
  }

  /** Takes a {@code pfagent.PageFault}; ignored unless samples are expected. */
  void sampled(EventFields event, long weight) {
    // Its address is that of the fault, not of the region.
    kind = event.text("kind", kind);
    if (pattern != null) {
      pattern.accept(
          event.startNanos(),
          event.threadId(),
          event.number("offset"),
          event.number("address"),
          weight);
    }
  }

  private void identify(EventFields event) {
    if (kind == null) {
      kind = event.text("kind");
    }
    if (address == EventFields.UNKNOWN) {
      address = event.number("address");
    }
  }

  SampledRegion toSampledRegion() {
    return new SampledRegion(
        totals.id(),
        kind,
        totals.sizeBytes() > 0 ? totals.sizeBytes() : EventFields.UNKNOWN,
        totals.sampledFaults(),
        preallocPages,
        pattern.find(),
        site,
        path);
  }

  RegionRow toRow() {
    long touchFaults =
        totals.allocated() ? totals.totalFaults() - Math.max(0, allocationFaults) : totals.faults();
    return new RegionRow(
        totals.id(),
        kind,
        address,
        totals.sizeBytes() > 0 ? totals.sizeBytes() : EventFields.UNKNOWN,
        residentBytes,
        hugeBytes,
        unusedBytes,
        allocationFaults,
        touchFaults,
        totals.totalFaults(),
        totals.totalNanos(),
        totals.freed(),
        lifetimeNanos,
        preallocPages,
        zeroing,
        site,
        path);
  }
}
