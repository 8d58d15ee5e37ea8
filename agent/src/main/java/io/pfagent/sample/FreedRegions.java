package io.pfagent.sample;

import io.pfagent.account.Region;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Regions that are gone, for samples from when they were not: samples are read a moment after the
 * fault. Any thread adds, one looks up.
 */
final class FreedRegions {

  /** Samples are read some tenths of a second late at the most. */
  private static final long KEEP_NANOS = 2_000_000_000L;

  /** Regions that lie one in the other's former place have other beginnings: how far to look. */
  private static final int MOST_NEIGHBOURS = 16;

  private static final int MOST_KEPT = 100_000;

  private final Queue<Region> added = new ConcurrentLinkedQueue<>();
  private final ArrayDeque<Region> kept = new ArrayDeque<>();
  private final TreeMap<Place, Region> byPlace = new TreeMap<>();

  /** Of the regions that were kept since there was none. */
  private long mostBytes;

  /** Where regions begin, and since when: memory that is given back often comes again. */
  private record Place(long base, long startNanos) implements Comparable<Place> {

    static Place of(Region region) {
      return new Place(region.base(), region.startNanos());
    }

    @Override
    public int compareTo(Place other) {
      int byBase = Long.compare(base, other.base);
      return byBase == 0 ? Long.compare(startNanos, other.startNanos) : byBase;
    }
  }

  /** Any thread: a region was taken out of the table. */
  void add(Region region) {
    added.add(region);
  }

  /** Forgets what is too old, or was not freed after all. */
  void update(long nowNanos) {
    takeOver();
    Region oldest = kept.peek();
    while (oldest != null
        && (kept.size() > MOST_KEPT
            || !oldest.isFreed()
            || nowNanos - oldest.freedNanos() > KEEP_NANOS)) {
      kept.remove();
      byPlace.remove(Place.of(oldest), oldest);
      oldest = kept.peek();
    }
    if (kept.isEmpty()) {
      mostBytes = 0;
    }
  }

  /** The region that held this address at that time, or null. */
  Region find(long address, long nanos) {
    takeOver();
    Place last = byPlace.floorKey(new Place(address, Long.MAX_VALUE));
    for (int i = 0; i < MOST_NEIGHBOURS && last != null && address - last.base < mostBytes; i++) {
      // Of those that began there, one at a time, the others had ended or were still to come.
      Map.Entry<Place, Region> entry = byPlace.floorEntry(new Place(last.base, nanos));
      if (entry != null && entry.getKey().base == last.base) {
        Region region = entry.getValue();
        if (address < region.end() && region.livedAt(nanos)) {
          return region;
        }
      }
      last = byPlace.lowerKey(new Place(last.base, Long.MIN_VALUE));
    }
    return null;
  }

  private void takeOver() {
    for (Region region = added.poll(); region != null; region = added.poll()) {
      kept.add(region);
      byPlace.put(Place.of(region), region);
      mostBytes = Math.max(mostBytes, region.end() - region.base());
    }
  }
}
