package io.pfagent.prealloc;

import io.pfagent.account.Region;
import io.pfagent.kernel.MemoryAdvice;
import io.pfagent.kernel.Residency;
import java.util.BitSet;

/**
 * The part of a region that is looked at to see what comes of a step: whole units of the largest
 * page, from where the region is touched on, and which of them were empty when the step was given.
 * Only these count later, so what was there before disturbs nothing.
 *
 * <p>At most {@value #MOST_UNITS} units, 128 MB, however large the region is: to look at them takes
 * half a millisecond where base pages are resident in all, and much less elsewhere.
 */
final class Stretch {

  static final int MOST_UNITS = 64;

  /** Runs of units that are searched for unused pages: each takes some 0.2 ms. */
  private static final int MOST_RUNS = 8;

  private final long start;
  private final long unitBytes;
  private final int units;
  private final BitSet empty;

  private Stretch(long start, long unitBytes, int units, BitSet empty) {
    this.start = start;
    this.unitBytes = unitBytes;
    this.units = units;
    this.empty = empty;
  }

  /**
   * A stretch of memory that nobody has touched.
   *
   * @param front where the region will be touched, bytes from its start
   */
  static Stretch untouched(Region region, long front, long unitBytes) {
    MemoryAdvice.Range inside = MemoryAdvice.inside(region.address(), region.size(), unitBytes);
    long all = inside.size() / unitBytes;
    int units = (int) Math.min(MOST_UNITS, all);
    long ahead = Math.max(0, (region.address() + front - inside.start()) / unitBytes);
    long first = Math.min(ahead, all - units);
    BitSet empty = new BitSet(units);
    empty.set(0, units);
    return new Stretch(inside.start() + first * unitBytes, unitBytes, units, empty);
  }

  /** The same where some may be touched already; null if that can't be seen. */
  static Stretch of(Region region, long front, long unitBytes, PageView view) {
    Stretch stretch = untouched(region, front, unitBytes);
    long resident = view.residency(stretch.start, stretch.bytes()).residentBytes();
    for (int unit = 0; unit < stretch.units && resident > 0; unit++) {
      if (view.residency(stretch.address(unit), unitBytes).residentBytes() != 0) {
        stretch.empty.clear(unit);
      }
    }
    return resident < 0 ? null : stretch;
  }

  long start() {
    return start;
  }

  long bytes() {
    return units * unitBytes;
  }

  /** Units that were empty when the step was given. */
  int emptyUnits() {
    return empty.cardinality();
  }

  /**
   * What the units hold by now that were empty.
   *
   * @param units of which something is resident
   */
  record Seen(BitSet units, long residentBytes, long hugeBytes) {}

  /** Looks at it; null if that can't be seen. */
  Seen look(PageView view) {
    BitSet touched = new BitSet(units);
    Residency all = view.residency(start, bytes());
    if (all.residentBytes() < 0) {
      return null;
    }
    long resident = 0;
    long huge = 0;
    if (all.residentBytes() > 0) {
      for (int unit = empty.nextSetBit(0); unit >= 0; unit = empty.nextSetBit(unit + 1)) {
        Residency now = view.residency(address(unit), unitBytes);
        if (now.residentBytes() > 0) {
          touched.set(unit);
          resident += now.residentBytes();
          huge += now.hugeBytes();
        }
      }
    }
    return new Seen(touched, resident, all.hugeBytes() < 0 ? -1 : huge);
  }

  /** How much of what was seen is unused, an estimate; a few runs of units stand for the others. */
  long unusedBytes(Seen seen, PageView view) {
    long looked = 0;
    long unused = 0;
    int runs = 0;
    BitSet touched = seen.units();
    for (int from = touched.nextSetBit(0); from >= 0 && runs < MOST_RUNS; runs++) {
      int to = touched.nextClearBit(from);
      long bytes = (to - from) * unitBytes;
      long found = view.unusedBytes(address(from), bytes);
      if (found >= 0) {
        looked += view.residency(address(from), bytes).residentBytes();
        unused += found;
      }
      from = touched.nextSetBit(to);
    }
    return looked <= 0 ? 0 : Math.round((double) unused / looked * seen.residentBytes());
  }

  private long address(int unit) {
    return start + unit * unitBytes;
  }
}
