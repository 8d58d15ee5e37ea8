package io.pfagent.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Collects what speaks for and against one change: the same work in the time since the change
 * before it, and in the time until the next one.
 */
final class ChangeCase {

  private static final double MEGABYTE = 1 << 20;
  private static final int MAX_WORKS = 64;

  private final Change change;
  private final long fromNanos;
  private final long toNanos;
  private final Set<Long> otherRegions;
  private final Map<Work, Sides> works = new LinkedHashMap<>();
  private final Observations residentBefore = new Observations();
  private final Observations residentAfter = new Observations();
  private final Observations unusedAfter = new Observations();

  private record Sides(WorkSide before, WorkSide after) {}

  /**
   * @param fromNanos when the change before it was made
   * @param toNanos when the next one was made
   * @param otherRegions regions that have a setting of their own
   */
  ChangeCase(Change change, long fromNanos, long toNanos, Set<Long> otherRegions) {
    this.change = change;
    this.fromNanos = fromNanos;
    this.toNanos = toNanos;
    this.otherRegions = otherRegions;
  }

  Change change() {
    return change;
  }

  /** Takes an allocation; {@code site} is where. */
  void allocated(EventFields event, String site) {
    long size = event.number("size");
    if (!change.isOfRegion() && size > 0 && concerns(event.number("regionId"))) {
      ran(Work.allocation(site, size), event, size);
    }
  }

  /** Takes a touch of {@code region}, at {@code site}. */
  void touched(EventFields event, RegionTable.Entry region, String site) {
    long bytes = event.number("bytes") > 0 ? event.number("bytes") : region.sizeBytes();
    // Memory that was there before the change may have both kinds of pages.
    boolean sameSide =
        change.isOfRegion()
            || region.id() == 0
            || isBefore(region.allocatedNanos()) == isBefore(event.startNanos());
    if (sameSide && concerns(region.id())) {
      ran(Work.touch(event.text("operation"), event.text("method"), site, bytes), event, bytes);
    }
  }

  private void ran(Work work, EventFields event, long bytes) {
    WorkSide side = side(work, event.startNanos(), event.endNanos());
    if (side != null) {
      long duration = event.endNanos() - event.startNanos();
      double units = work.isPerRun() ? 1 : bytes / MEGABYTE;
      side.ran(event.endNanos(), duration, units, event.faults());
    }
  }

  /** Takes what the samples in a region stand for; those of the whole recording. */
  void sampled(RegionTable.Entry region, String site) {
    Work work = Work.allocation(site, region.sizeBytes());
    if (region.allocated() && works.containsKey(work) && concerns(region.id())) {
      WorkSide side = side(work, region.allocatedNanos(), region.allocatedNanos());
      if (side != null) {
        side.sampled(region.sizeBytes() / MEGABYTE, region.sampledFaults());
      }
    }
  }

  /** Takes a look at a region. */
  void lookedAt(EventFields event, RegionTable.Entry region, String site) {
    long resident = event.number("residentBytes");
    Work work = Work.allocation(site, region.sizeBytes());
    if (resident >= 0
        && region.sizeBytes() > 0
        && works.containsKey(work)
        && concerns(region.id())
        && isBefore(region.allocatedNanos()) == isBefore(event.startNanos())) {
      WorkSide side = side(work, event.startNanos(), event.startNanos());
      if (side != null) {
        side.resident(event.startNanos(), (double) resident / region.sizeBytes());
      }
    }
  }

  /** Takes the resident memory of the process, and what of it is not used. */
  void process(EventFields event) {
    long resident = event.number("residentBytes");
    long nanos = event.startNanos();
    if (resident >= 0 && nanos >= fromNanos && nanos < toNanos) {
      (isBefore(nanos) ? residentBefore : residentAfter).add(nanos, (double) resident);
    }
    long unused = event.number("unusedBytes");
    if (unused >= 0 && nanos >= change.nanos() && nanos < toNanos) {
      unusedAfter.add(nanos, (double) unused);
    }
  }

  private boolean concerns(long regionId) {
    return change.isOfRegion() ? regionId == change.regionId() : !otherRegions.contains(regionId);
  }

  private boolean isBefore(long nanos) {
    return nanos < change.nanos();
  }

  /** The side that a work is on, or null: it may be outside, or under way during a change. */
  private WorkSide side(Work work, long startNanos, long endNanos) {
    if (startNanos < fromNanos
        || endNanos >= toNanos
        || isBefore(startNanos) != isBefore(endNanos)) {
      return null;
    }
    if (works.size() >= MAX_WORKS && !works.containsKey(work)) {
      return null;
    }
    Sides sides = works.computeIfAbsent(work, w -> new Sides(new WorkSide(), new WorkSide()));
    return isBefore(startNanos) ? sides.before() : sides.after();
  }

  Verdict verdict(int top) {
    List<Comparison> comparisons = new ArrayList<>();
    works.forEach(
        (work, sides) -> comparisons.add(Comparison.of(work, sides.before(), sides.after())));
    comparisons.sort(
        Comparator.comparing((Comparison each) -> each.outcome() == Comparison.Outcome.TOO_FEW)
            .thenComparing(
                Comparator.comparingLong(
                        (Comparison each) -> each.sideBefore().events() + each.sideAfter().events())
                    .reversed()));
    return new Verdict(
        change,
        new Ranking<>(comparisons.stream().limit(top).toList(), comparisons.size()),
        Spread.of(residentBefore.all()),
        Spread.of(residentAfter.all()),
        Spread.of(unusedAfter.all()));
  }
}
