package io.pfagent.prealloc;

import io.pfagent.account.AccessPattern;
import io.pfagent.account.Region;
import io.pfagent.account.RegionKind;
import io.pfagent.account.RegionTable;
import io.pfagent.kernel.MemoryAdvice;
import io.pfagent.kernel.MemoryAdvice.Range;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Populates windows ahead of sequential fronts. What is populated raises no fault and so no sample:
 * where the front is, tells the first fault beyond. So once all is used up that was populated
 * ahead, twice as many windows follow, as in a file's read-ahead; as long as nothing faults beyond,
 * none does. Anonymous memory is populated for writing, files for reading only: a write to a shared
 * mapping, even of what it holds, would be seen by others. The window is set by any thread; the
 * work is done by the {@link Maintenance} thread alone.
 */
final class Populator {

  private static final int SCAN_LIMIT = 20_000;
  private static final int MOST_REGIONS = 64;
  private static final int FEWEST_SAMPLES = 4;
  private static final int MOST_WINDOWS = 16;
  private static final double SEQUENTIAL = 0.7;

  private final RegionTable table;
  private final MemoryGuard guard;
  private final long pageBytes;

  /** The regions that are walked through. */
  private final Map<Region, Ahead> ahead = new LinkedHashMap<>();

  private volatile int windowPages;
  private long next;

  /**
   * What was done for a region last.
   *
   * @param end of the last window that was populated
   * @param windows how many were
   */
  private record Ahead(long end, int windows) {}

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
    ahead.keySet().removeIf(Region::isFreed);
    if (isOn()) {
      next = table.scan(next, SCAN_LIMIT, this::consider);
    }
  }

  /** Populates the next windows wherever the front has come to the end of the last ones. */
  void populate() {
    for (Region region : List.copyOf(ahead.keySet())) {
      long windowBytes = windowPages * pageBytes;
      if (windowBytes > 0) {
        ahead.computeIfPresent(region, (same, last) -> populate(same, last, windowBytes));
      }
    }
  }

  private void consider(Region region) {
    AccessPattern pattern = region.pattern();
    if (pattern != null
        && ahead.size() < MOST_REGIONS
        && pattern.samples() >= FEWEST_SAMPLES
        && pattern.sequentialShare() >= SEQUENTIAL) {
      ahead.putIfAbsent(region, new Ahead(region.address(), 0));
    }
  }

  private Ahead populate(Region region, Ahead last, long windowBytes) {
    long front = region.address() + region.pattern().front();
    if (front < last.end()) {
      return last;
    }
    int windows = Math.min(MOST_WINDOWS, Math.max(1, 2 * last.windows()));
    long end = front;
    for (int i = 0; i < windows && guard.allows(windowBytes); i++) {
      long windowEnd = Math.min(end + windowBytes, region.end());
      if (!populate(region, MemoryAdvice.inside(end, windowEnd - end, pageBytes), windowBytes)) {
        break;
      }
      end = windowEnd;
    }
    return end == front ? last : new Ahead(end, windows);
  }

  private boolean populate(Region region, Range window, long windowBytes) {
    if (window.isEmpty() || !region.beginAdvice()) {
      return false;
    }
    try {
      if (region.kind() == RegionKind.MAPPED_FILE) {
        return MemoryAdvice.POPULATE_READ.apply(window).isEmpty();
      }
      if (!LiveRegions.isAdvisable(region)) {
        return false;
      }
      region.setPreallocPages((int) (windowBytes / pageBytes));
      return MemoryAdvice.POPULATE_WRITE.apply(window).isEmpty();
    } finally {
      region.endAdvice();
    }
  }
}
