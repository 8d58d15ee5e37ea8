package io.pfagent.jmx;

import io.pfagent.account.FaultCosts;
import io.pfagent.account.Region;

/**
 * A region as a console shows it: sizes in bytes, times in nanoseconds, the fault time estimated.
 */
public final class RegionInfo {

  private final Region region;
  private final long residentBytes;
  private final long faultTimeNanos;

  RegionInfo(Region region, long residentBytes, FaultCosts costs) {
    this.region = region;
    this.residentBytes = residentBytes;
    this.faultTimeNanos = costs.timeNanos(region.minorFaults(), region.majorFaults());
  }

  public long getRegionId() {
    return region.id();
  }

  public String getKind() {
    return region.kind().label();
  }

  /** Hexadecimal, as in {@code /proc/self/maps}. */
  public String getAddress() {
    return "0x" + Long.toHexString(region.address());
  }

  public long getSizeBytes() {
    return region.size();
  }

  /** -1 if unknown. */
  public long getResidentBytes() {
    return residentBytes;
  }

  public long getMinorFaults() {
    return region.minorFaults();
  }

  public long getMajorFaults() {
    return region.majorFaults();
  }

  public long getFaultTimeNanos() {
    return faultTimeNanos;
  }

  /** The mapped file, or empty. */
  public String getPath() {
    return region.path() == null ? "" : region.path();
  }

  /** Who allocated it, or empty if it was not taken. */
  public String getSite() {
    return region.site() == null ? "" : region.site();
  }
}
