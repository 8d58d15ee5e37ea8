package io.pfagent.prealloc;

import io.pfagent.account.AccessPattern;
import io.pfagent.account.Region;
import io.pfagent.account.RegionKind;
import io.pfagent.account.RegionTable;
import io.pfagent.kernel.MemoryAdvice;
import io.pfagent.kernel.MemoryAdvice.Range;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Populates windows ahead of sequential fronts. Anonymous memory is populated for writing, files
 * for reading only: a write to a shared mapping, even of what it holds, would be seen by others.
 * The window is set by any thread; the work is done by the {@link Maintenance} thread alone.
 */
final class Populator {

  private static final int SCAN_LIMIT = 20_000;
  private static final int MOST_REGIONS = 64;
  private static final int FEWEST_SAMPLES = 4;
  private static final double SEQUENTIAL = 0.7;

  private final RegionTable table;
  private final MemoryGuard guard;
  private final long pageBytes;

  /** What is populated already, by region: the end of the last window. */
  private final Map<Region, Long> populatedTo = new LinkedHashMap<>();

  private volatile int windowPages;
  private long next;

  Populator(RegionTable table, MemoryGuard guard, long pageBytes) {
    this.table = table;
    this.guard = guard;
    this.pageBytes = pageBytes;
  }

  /** Pages of a window; 0 for none. */
  void setWindow(int pages) {
    windowPages = pages;
  }

  boolean isOn() {
    return windowPages > 0;
  }

  /** Looks for regions that are walked through. */
  void find() {
    populatedTo.keySet().removeIf(Region::isFreed);
    if (isOn()) {
      next = table.scan(next, SCAN_LIMIT, this::consider);
    }
  }

  /** Populates the next window wherever the front has come near the end of the last one. */
  void populate() {
    Iterator<Map.Entry<Region, Long>> regions = new ArrayList<>(populatedTo.entrySet()).iterator();
    while (isOn() && regions.hasNext()) {
      Map.Entry<Region, Long> entry = regions.next();
      populatedTo.computeIfPresent(
          entry.getKey(), (region, end) -> populate(region, end, windowPages * pageBytes));
    }
  }

  private void consider(Region region) {
    AccessPattern pattern = region.pattern();
    if (pattern != null
        && populatedTo.size() < MOST_REGIONS
        && pattern.samples() >= FEWEST_SAMPLES
        && pattern.sequentialShare() >= SEQUENTIAL) {
      populatedTo.putIfAbsent(region, region.address());
    }
  }

  /** Gives the new end of what is populated. */
  private long populate(Region region, long end, long windowBytes) {
    long front = region.address() + region.pattern().front();
    if (end - front >= windowBytes || !guard.allows(windowBytes)) {
      return end;
    }
    long start = Math.max(front, end);
    long windowEnd = Math.min(start + windowBytes, region.end());
    Range window = MemoryAdvice.inside(start, windowEnd - start, pageBytes);
    if (window.isEmpty() || !region.beginAdvice()) {
      return end;
    }
    try {
      if (region.kind() == RegionKind.MAPPED_FILE) {
        MemoryAdvice.POPULATE_READ.apply(window);
      } else if (LiveRegions.isAdvisable(region)) {
        MemoryAdvice.POPULATE_WRITE.apply(window);
        region.setPreallocPages((int) (windowBytes / pageBytes));
      }
    } finally {
      region.endAdvice();
    }
    return windowEnd;
  }
}
