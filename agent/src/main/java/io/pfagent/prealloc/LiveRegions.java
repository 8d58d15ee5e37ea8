package io.pfagent.prealloc;

import io.pfagent.account.Region;
import io.pfagent.account.RegionKind;
import io.pfagent.account.RegionTable;
import io.pfagent.kernel.MallocBlock;
import io.pfagent.kernel.MemoryAdvice;
import io.pfagent.kernel.MemoryAdvice.Range;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Advice on memory that the application uses and may free at any moment.
 *
 * <p>An advice must not hit memory that was freed and given to someone else. Two things rule that
 * out: {@link Region#beginAdvice} makes who frees a region wait until the advice in flight is over,
 * and refuses an advice on a region that was freed; and before each one the block's header is
 * looked at anew, which finds blocks that native code has freed unseen. Advice is given in parts,
 * so that no one waits for long.
 */
final class LiveRegions {

  private static final int SCAN_LIMIT = 1000;

  /** Above the largest size of pages, and a power of two. */
  private static final long PART_BYTES = 128L << 20;

  private final RegionTable table;

  LiveRegions(RegionTable table) {
    this.table = table;
  }

  /** The live region of this number, or null. */
  Region find(long id) {
    Region[] found = new Region[1];
    forEach(region -> region.id() == id, region -> found[0] = region);
    return found[0];
  }

  /** The live region that holds this address, or null. */
  Region at(long address) {
    return table.find(address);
  }

  void forEach(Predicate<Region> wanted, Consumer<Region> action) {
    long next = 0;
    do {
      next =
          table.scan(
              next,
              SCAN_LIMIT,
              region -> {
                if (wanted.test(region)) {
                  action.accept(region);
                }
              });
    } while (next != 0);
  }

  /** Whether advice can end with the region: malloc has mapped it by itself. */
  static boolean isAdvisable(Region region) {
    return region.kind() != RegionKind.MAPPED_FILE
        && MallocBlock.isStillMappedByItself(region.base(), region.blockSize());
  }

  /** Advises the kernel; gives the pages per fault that the region has then, 1 if none. */
  int advise(Region region, Backend backend, int pages) {
    int[] given = {1};
    inParts(
        region,
        part ->
            given[0] = Math.max(given[0], backend.adviseLive(part.start(), part.size(), pages)));
    if (given[0] > 1) {
      region.setPreallocPages(given[0]);
    }
    return given[0];
  }

  /** Takes advice back; false if something of it stays until the region is freed. */
  boolean unadvise(Region region, Backend backend) {
    boolean[] all = {true};
    inParts(region, part -> all[0] &= backend.unadviseLive(part.start(), part.size()));
    region.setPreallocPages(1);
    return all[0];
  }

  /** The plan has changed while the region came into being. */
  void change(Region region, Plan then, Plan now) {
    if (now.backend() == null && region.preallocPages() > 1) {
      unadvise(region, then.backend());
    } else if (now.backend() != null && !now.automatic()) {
      advise(region, now.backend(), now.pages());
    }
  }

  /**
   * Gives one advice on all of a region, a mapped file included.
   *
   * @return empty on success, else why not
   */
  String apply(Region region, MemoryAdvice advice, long unitBytes) {
    String[] refused = {""};
    inParts(
        region,
        part -> {
          if (refused[0].isEmpty()) {
            refused[0] = advice.apply(MemoryAdvice.inside(part.start(), part.size(), unitBytes));
          }
        });
    return region.isFreed() ? "the region was freed meanwhile" : refused[0];
  }

  private static void inParts(Region region, Consumer<Range> action) {
    long start = region.address();
    while (start < region.end()) {
      long end = Math.min(region.end(), (start + PART_BYTES) & -PART_BYTES);
      if (!region.beginAdvice()) {
        return;
      }
      try {
        if (region.kind() == RegionKind.MAPPED_FILE || isAdvisable(region)) {
          action.accept(new Range(start, end));
        }
      } finally {
        region.endAdvice();
      }
      start = end;
    }
  }
}
