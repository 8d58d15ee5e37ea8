package io.pfagent.account;

/** Regions, and what can be asked about them afterwards, for the races of this package. */
final class StressRegions {

  /** Bytes of a slot of the table's leaves. */
  static final long SLOT = 1 << 16;

  /** Bytes of a slot of the table's middle nodes. */
  static final long MIDDLE_SLOT = 1 << 26;

  /** The beginning of a slot on every level. */
  static final long BASE = 0x7f00_0000_0000L;

  private StressRegions() {}

  /** A region that begins so many bytes after {@link #BASE}. */
  static Region region(long offset, long size) {
    return new Region(1, RegionKind.UNSAFE, BASE + offset, BASE + offset, size, null, 0);
  }

  /** A table in which this region is. */
  static RegionTable tableWith(Region region) {
    RegionTable table = new RegionTable();
    table.add(region);
    return table;
  }

  /** Whether each address of the region leads to it; one is tried in each slot. */
  static int isWhole(RegionTable table, Region region) {
    for (long address = region.base(); address < region.end(); address += SLOT) {
      if (table.find(address) != region) {
        return 0;
      }
    }
    return table.find(region.end() - 1) == region ? 1 : 0;
  }

  /** Whether no address of the region leads to it any more. */
  static int isGone(RegionTable table, Region region) {
    for (long address = region.base(); address < region.end(); address += SLOT) {
      if (table.find(address) == region) {
        return 0;
      }
    }
    return table.find(region.end() - 1) == region ? 0 : 1;
  }
}
