package io.pfagent.sample;

import io.pfagent.account.Region;
import io.pfagent.account.RegionKind;
import io.pfagent.account.RegionTable;
import io.pfagent.kernel.Mapping;
import io.pfagent.kernel.Mappings;
import io.pfagent.kernel.PageMap;
import io.pfagent.kernel.Residency;
import io.pfagent.kernel.StackPointers;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * How much memory there is of each kind. Resident bytes are exact for large regions and for
 * mappings of one kind; where regions share a mapping with other memory, small ones are taken to be
 * as resident as the rest of it.
 *
 * <p>The kernel walks all page tables for it; a reading that took long is followed by a rest in
 * which the last figures hold, so that it stays below 1 % of a processor. Used by one thread.
 */
public final class MemoryByKind {

  private static final int REST_FACTOR = 100;
  private static final long LARGE_BYTES = 1 << 20;
  private static final int MOST_LARGE = 1_000;
  private static final int MOST_REGIONS = 1_000_000;

  private final RegionTable regions;
  private final PageMap pageMap;
  private final Supplier<List<JvmArea>> jvm;
  private final Map<RegionKind, long[]> sizes = new EnumMap<>(RegionKind.class);
  private long restUntilNanos = System.nanoTime();
  private boolean known;

  public MemoryByKind(RegionTable regions, PageMap pageMap, Supplier<List<JvmArea>> jvm) {
    this.regions = regions;
    this.pageMap = pageMap;
    this.jvm = jvm;
  }

  /** Bytes of one kind; -1 if unknown. */
  public record Size(long reservedBytes, long residentBytes, long hugeBytes) {}

  public Size of(RegionKind kind) {
    long[] size = known ? sizes.get(kind) : null;
    return size == null ? new Size(-1, -1, -1) : new Size(size[0], size[1], size[2]);
  }

  /** Reads the sizes again, unless it is too early for that. */
  public void read() {
    long start = System.nanoTime();
    if (start - restUntilNanos < 0) {
      return;
    }
    List<Mapping> mappings = Mappings.readWithResidency();
    known = !mappings.isEmpty();
    for (RegionKind kind : RegionKind.values()) {
      sizes.put(kind, new long[3]);
    }
    MemoryAreas areas = new AreaReader(jvm.get(), StackPointers.read()).read(mappings);
    List<Region> live = liveRegions();
    int area = 0;
    int region = 0;
    for (Mapping mapping : mappings) {
      Rest rest = new Rest(mapping);
      while (region < live.size() && live.get(region).address() < mapping.end()) {
        rest.take(live.get(region++));
      }
      while (area < areas.size() && areas.start(area) < mapping.end()) {
        rest.share(areas.kind(area), areas.start(area), areas.end(area));
        area++;
      }
    }
    long end = System.nanoTime();
    restUntilNanos = end + (end - start) * REST_FACTOR;
  }

  private List<Region> liveRegions() {
    List<Region> live = new ArrayList<>();
    regions.scan(0, MOST_REGIONS, live::add);
    return live;
  }

  private void add(RegionKind kind, long reserved, long resident, long huge) {
    long[] size = sizes.get(kind);
    size[0] += reserved;
    size[1] += resident;
    size[2] += huge;
  }

  /** What is left of a mapping when its regions are taken out. */
  private final class Rest {
    private final Mapping mapping;
    private long reserved;
    private long resident;
    private long huge;
    private int large;

    Rest(Mapping mapping) {
      this.mapping = mapping;
      this.reserved = mapping.size();
      this.resident = Math.max(0, mapping.residentBytes());
      this.huge = Math.max(0, mapping.hugeBytes());
    }

    void take(Region region) {
      if (region.address() < mapping.start() || region.isFreed()) {
        return;
      }
      long bytes = Math.min(region.size(), mapping.end() - region.address());
      long regionResident;
      long regionHuge;
      if (bytes >= LARGE_BYTES && large++ < MOST_LARGE) {
        Residency residency = pageMap.residency(region.address(), bytes);
        regionResident = Math.max(0, residency.residentBytes());
        regionHuge = Math.max(0, residency.hugeBytes());
      } else {
        regionResident = partOf(resident, bytes);
        regionHuge = partOf(huge, bytes);
      }
      add(region.kind(), bytes, regionResident, regionHuge);
      reserved = Math.max(0, reserved - bytes);
      resident = Math.max(0, resident - regionResident);
      huge = Math.max(0, huge - regionHuge);
    }

    /** The areas of a mapping share by their sizes what its regions have left. */
    void share(RegionKind kind, long start, long end) {
      double part = (double) (end - start) / mapping.size();
      add(
          kind == null ? RegionKind.OTHER : kind,
          Math.round(reserved * part),
          Math.round(resident * part),
          Math.round(huge * part));
    }

    private long partOf(long whole, long bytes) {
      return reserved <= 0 ? 0 : Math.min(whole, Math.round((double) whole * bytes / reserved));
    }
  }
}
