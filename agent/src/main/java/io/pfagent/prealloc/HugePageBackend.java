package io.pfagent.prealloc;

import io.pfagent.kernel.HugePageSizes;
import io.pfagent.kernel.MemoryAdvice;
import io.pfagent.kernel.MemoryAdvice.Range;
import io.pfagent.kernel.SystemSettings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * Transparent huge pages where memory is advised ({@code MADV_HUGEPAGE}): {@code thp} is the size
 * that replaces a page table, 2 MB on x86-64; {@code mthp} has the smaller ones too, from Linux 6.8
 * on, and may have to switch one on for the whole system.
 *
 * <p>The kernel tries the largest size first, for which it needs a slot without a page table. So
 * where a smaller one is wanted, a block is given its page tables before it is advised: one page in
 * each slot is read, and given back if the block is fresh. This reaches no other process, where
 * setting the largest size to {@code never} would.
 */
final class HugePageBackend implements Backend {

  /** A block of fewer units gains little, and what is left over at its ends weighs more. */
  private static final long FEWEST_UNITS = 2;

  private final boolean smaller;
  private final Supplier<HugePageSizes> reader;
  private final SystemSettings settings;
  private final boolean systemWrites;
  private final long pageBytes;
  private final long tableBytes;

  private volatile boolean needsTables;
  private volatile boolean usedEverywhere;
  private long heldKilobytes;

  private HugePageBackend(
      boolean smaller,
      Supplier<HugePageSizes> reader,
      SystemSettings settings,
      boolean systemWrites) {
    this.smaller = smaller;
    this.reader = reader;
    this.settings = settings;
    this.systemWrites = systemWrites;
    HugePageSizes sizes = reader.get();
    this.pageBytes = sizes.pageBytes();
    this.tableBytes = sizes.largestBytes();
  }

  static HugePageBackend thp(Supplier<HugePageSizes> reader, SystemSettings settings) {
    return new HugePageBackend(false, reader, settings, false);
  }

  static HugePageBackend mthp(
      Supplier<HugePageSizes> reader, SystemSettings settings, boolean systemWrites) {
    return new HugePageBackend(true, reader, settings, systemWrites);
  }

  @Override
  public String name() {
    return smaller ? "mthp" : "thp";
  }

  @Override
  public String scope() {
    return "regions";
  }

  @Override
  public String note() {
    return heldKilobytes == 0
        ? ""
        : "system-wide: hugepages-"
            + heldKilobytes
            + "kB/enabled is madvise until undone, for all who advise";
  }

  @Override
  public String missing() {
    HugePageSizes sizes = reader.get();
    if (!MemoryAdvice.available()) {
      return "madvise can't be called";
    }
    if (sizes.largestBytes() == 0) {
      return "this kernel has no transparent huge pages";
    }
    if (HugePageSizes.disabledForThisProcess()) {
      return "PR_SET_THP_DISABLE has switched huge pages off for this process";
    }
    if (!supportedPages(sizes).isEmpty()) {
      return "";
    }
    if (!smaller) {
      return "transparent_hugepage/enabled is " + sizes.enabled() + "; root can set it to madvise";
    }
    return sizes.words().isEmpty()
        ? "sizes below that of a page table need Linux 6.8"
        : "no size is enabled for advised memory, and "
            + (systemWrites
                ? settings.missing(sizes.largestBytes() >> 10)
                : "system-writes=true is not given");
  }

  @Override
  public String missing(int pages) {
    long bytes = pages * pageBytes;
    if (!smaller || !reader.get().words().containsKey(bytes)) {
      return "";
    }
    return systemWrites ? settings.missing(bytes >> 10) : "system-writes=true is not given";
  }

  @Override
  public NavigableSet<Integer> supportedPages() {
    return missing().isEmpty() ? supportedPages(reader.get()) : new TreeSet<>();
  }

  private NavigableSet<Integer> supportedPages(HugePageSizes sizes) {
    NavigableSet<Integer> pages = new TreeSet<>();
    if (!smaller) {
      if (sizes.largestBytes() > 0 && sizes.reachesAdvised(sizes.largestBytes())) {
        pages.add((int) (sizes.largestBytes() / pageBytes));
      }
      return pages;
    }
    for (long bytes : sizes.words().keySet()) {
      if (sizes.reachesAdvised(bytes)
          || (systemWrites && settings.missing(bytes >> 10).isEmpty())) {
        pages.add((int) (bytes / pageBytes));
      }
    }
    return pages;
  }

  @Override
  public int start(int pages) throws IOException {
    long bytes = pages * pageBytes;
    // What another JVM has switched on goes with it, unless this one holds it too.
    if (!reader.get().reachesAdvised(bytes) || (systemWrites && settings.isHeld(bytes >> 10))) {
      settings.hold(bytes >> 10);
      heldKilobytes = bytes >> 10;
    }
    HugePageSizes sizes = reader.get();
    long given = bytes;
    if (bytes < sizes.largestBytes()) {
      given = Math.max(bytes, sizes.largestAdvisedBelowTable().orElse(bytes));
    }
    needsTables = given < sizes.largestBytes() && sizes.reachesAdvised(sizes.largestBytes());
    usedEverywhere = sizes.isUsedEverywhere(given);
    return (int) (given / pageBytes);
  }

  @Override
  public List<String> stop() {
    List<String> lines = new ArrayList<>();
    if (heldKilobytes > 0) {
      try {
        settings
            .release(heldKilobytes)
            .forEach(one -> lines.add(one.setting() + ": " + one.message()));
        heldKilobytes = 0;
      } catch (IOException failure) {
        lines.add("hugepages-" + heldKilobytes + "kB/enabled could not be put back: " + failure);
      }
    }
    return lines;
  }

  @Override
  public int adviseFresh(long address, long size, int pages) {
    return advise(address, size, pages, true);
  }

  @Override
  public int adviseLive(long address, long size, int pages) {
    return advise(address, size, pages, false);
  }

  private int advise(long address, long size, int pages, boolean fresh) {
    long unit = pages * pageBytes;
    Range inside = MemoryAdvice.inside(address, size, unit);
    if (inside.size() < FEWEST_UNITS * unit) {
      return 1;
    }
    if (needsTables && !makeTables(inside, fresh)) {
      return 1;
    }
    return MemoryAdvice.HUGEPAGE.apply(inside).isEmpty() ? pages : 1;
  }

  /** What is given back must be fresh: the page would read as zeros. */
  private boolean makeTables(Range inside, boolean fresh) {
    for (long at = inside.start(); at < inside.end(); at = (at + tableBytes) & -tableBytes) {
      Range page = new Range(at, at + pageBytes);
      if (!MemoryAdvice.POPULATE_READ.apply(page).isEmpty()) {
        return false;
      }
      if (fresh && !MemoryAdvice.DONTNEED.apply(page).isEmpty()) {
        return false;
      }
    }
    return true;
  }

  /** {@code MADV_NOHUGEPAGE} is what no advice is, unless unadvised memory is huge as well. */
  @Override
  public boolean unadviseLive(long address, long size) {
    return usedEverywhere
        || MemoryAdvice.NOHUGEPAGE.apply(MemoryAdvice.inside(address, size, pageBytes)).isEmpty();
  }
}
