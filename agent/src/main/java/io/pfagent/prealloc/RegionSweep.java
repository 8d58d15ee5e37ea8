package io.pfagent.prealloc;

import io.pfagent.account.Region;
import io.pfagent.account.RegionKind;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * Goes through all live regions that nobody has set by hand. Used by the one thread that makes a
 * change, but for {@link #unusedBytes}.
 */
final class RegionSweep {

  private final LiveRegions regions;
  private final RegionControl control;
  private final MemoryGuard guard;
  private final ToLongFunction<Region> unusedBytes;

  /** What was preallocated stays until it is freed, even if nothing is any more. */
  private volatile boolean mayBeLeft;

  /**
   * @param unusedBytes resident bytes of a region that nobody uses, -1 if unknown
   */
  RegionSweep(
      LiveRegions regions,
      RegionControl control,
      MemoryGuard guard,
      ToLongFunction<Region> unusedBytes) {
    this.regions = regions;
    this.control = control;
    this.guard = guard;
    this.unusedBytes = unusedBytes;
  }

  /** Advises all for which there is memory; gives how many took it. */
  long advise(Plan plan) {
    long[] advised = {0};
    regions.forEach(
        region -> region.kind() != RegionKind.MAPPED_FILE && !control.isSetByHand(region),
        region -> {
          if (guard.allows(region.size())
              && regions.advise(region, plan.backend(), plan.pages()) > 1) {
            advised[0]++;
          }
        });
    return advised[0];
  }

  /** Takes the advice back; gives a line for each thing of note. */
  List<String> unadvise(Plan plan) {
    mayBeLeft = true;
    long[] staying = {0};
    long[] undone = {0};
    regions.forEach(
        region -> region.preallocPages() > 1 && !control.isSetByHand(region),
        region -> {
          undone[0]++;
          staying[0] += regions.unadvise(region, plan.backend()) ? 0 : 1;
        });
    List<String> lines = new ArrayList<>();
    if (undone[0] > 0 && plan.backend() instanceof HugePageBackend) {
      lines.add(
          undone[0]
              + " live regions get base pages at their next faults; large pages that they hold stay"
              + " until they are freed");
    }
    if (staying[0] > 0) {
      lines.add(staying[0] + " regions keep their advice until they are freed");
    }
    return lines;
  }

  /** Resident bytes of preallocated regions that nobody uses, an estimate. Walks all of them. */
  long unusedBytes() {
    return unused(Long.MAX_VALUE).estimate();
  }

  /**
   * The same; where time runs out, those that were looked at stand for the others.
   *
   * @param isOn whether anything is preallocated now; if not, they are looked for until all are
   *     gone that were
   */
  long unusedBytes(long budgetNanos, boolean isOn) {
    if (!isOn && !mayBeLeft) {
      return 0;
    }
    Unused unused = unused(budgetNanos);
    mayBeLeft = isOn || unused.isAny();
    return unused.estimate();
  }

  private Unused unused(long budgetNanos) {
    long begin = System.nanoTime();
    Unused unused = new Unused();
    regions.forEach(
        Region::wasPreallocated,
        region -> unused.add(region, System.nanoTime() - begin < budgetNanos));
    return unused;
  }

  private final class Unused {
    private long bytes;
    private long looked;
    private long passed;

    void add(Region region, boolean inTime) {
      long unusedInIt = inTime ? unusedBytes.applyAsLong(region) : -1;
      if (unusedInIt >= 0) {
        bytes += unusedInIt;
        looked += region.size();
      } else {
        passed += region.size();
      }
    }

    boolean isAny() {
      return looked + passed > 0;
    }

    long estimate() {
      return looked == 0 ? 0 : Math.round((double) bytes / looked * (looked + passed));
    }
  }
}
