package io.pfagent.report;

/** What the regions of one allocation site add up to. */
final class SiteTotals {

  private final String site;
  private long regions;
  private long bytes;
  private long liveRegions;
  private long liveBytes;
  private long allocationFaults;
  private long touchFaults;
  private long faultTimeNanos;
  private long coveredFaults;
  private long plainRegions;
  private long plainBytes;
  private long plainFaults;

  SiteTotals(String site) {
    this.site = site;
  }

  void addAllocation(long sizeBytes, long faults) {
    regions++;
    bytes += Math.max(0, sizeBytes);
    allocationFaults += Math.max(0, faults);
  }

  /** Adds an allocation of large anonymous memory that got one page per fault. */
  void addPlainAllocation(long sizeBytes, long faults) {
    plainRegions++;
    plainBytes += sizeBytes;
    plainFaults += Math.max(0, faults);
  }

  /** Adds what is known of a region at the end; its allocation was added before. */
  void addRegion(RegionTable.Entry region) {
    if (!region.freed()) {
      liveRegions++;
      liveBytes += region.sizeBytes();
    }
    // What happened before the recording is no part of these sums.
    touchFaults += region.allocated() ? region.totalFaults() : region.faults();
    faultTimeNanos += region.allocated() ? region.totalNanos() : region.faultTimeNanos();
  }

  /** Takes the allocations' share out of the faults that {@link #addRegion} summed up. */
  void finish() {
    touchFaults = Math.max(0, touchFaults - allocationFaults);
  }

  /** Adds faults of the time that the process counters cover. */
  void addCovered(long faults) {
    coveredFaults += faults;
  }

  String site() {
    return site;
  }

  /** Regions allocated in the recording. */
  long regions() {
    return regions;
  }

  /** Bytes of these. */
  long bytes() {
    return bytes;
  }

  /** Regions whose end the recording does not hold, whenever they were allocated. */
  long liveRegions() {
    return liveRegions;
  }

  /** Bytes of these. */
  long liveBytes() {
    return liveBytes;
  }

  /** Minor and major faults while regions were allocated. */
  long allocationFaults() {
    return allocationFaults;
  }

  /** Minor and major faults of regions after their allocation. */
  long touchFaults() {
    return touchFaults;
  }

  long faults() {
    return allocationFaults + touchFaults;
  }

  /** Estimated time of {@link #faults()}. */
  long faultTimeNanos() {
    return faultTimeNanos;
  }

  /** Faults in the time that the process counters cover; only these compare with them. */
  long coveredFaults() {
    return coveredFaults;
  }

  /** Large anonymous regions allocated with one page per fault. */
  long plainRegions() {
    return plainRegions;
  }

  /** Bytes of these. */
  long plainBytes() {
    return plainBytes;
  }

  /** Faults while these were allocated. */
  long plainFaults() {
    return plainFaults;
  }
}
