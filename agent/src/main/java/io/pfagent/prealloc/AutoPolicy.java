package io.pfagent.prealloc;

import io.pfagent.account.AccessPattern;
import io.pfagent.account.Operation;
import io.pfagent.account.Region;
import io.pfagent.account.RegionKind;
import io.pfagent.account.Span;
import io.pfagent.prealloc.Change.Outcome;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;

/**
 * Decides for each region by what is seen of its use ({@code prealloc=auto}):
 *
 * <ul>
 *   <li>what the JDK zeroes after allocating it is touched densely and in order: tried with and
 *       without, and kept if it is faster ({@link Trial});
 *   <li>what is about to be set or copied into as a whole is touched so too;
 *   <li>else sampled faults tell: dense and in order gets large pages, anything else none;
 *   <li>small regions get none.
 * </ul>
 */
final class AutoPolicy {

  /** What is said of regions that nothing is decided on. */
  static final String LIMIT = "below 4 MB none";

  private static final long MIN_BYTES = 4 << 20;
  private static final int FEWEST_SAMPLES = 8;
  private static final double SEQUENTIAL = 0.7;
  private static final double DENSE = 0.5;

  /** Where more than this share of what is resident is unused, the advice is taken back. */
  private static final double MOST_UNUSED = 0.5;

  private record Kind(RegionKind kind, int sizeLog2) {}

  private final LiveRegions regions;
  private final MemoryGuard guard;
  private final ToLongFunction<Region> unusedBytes;
  private final Consumer<Change> tell;
  private final Map<Kind, Trial> trials = new ConcurrentHashMap<>();

  /** Regions that samples have decided on: the pages they got, 1 once that was taken back. */
  private final Map<Region, Integer> sampled = new ConcurrentHashMap<>();

  /** Regions that a person was told of: seen, and not preallocated. */
  private final Set<Region> leftAlone = ConcurrentHashMap.newKeySet();

  AutoPolicy(
      LiveRegions regions,
      MemoryGuard guard,
      ToLongFunction<Region> unusedBytes,
      Consumer<Change> tell) {
    this.regions = regions;
    this.guard = guard;
    this.unusedBytes = unusedBytes;
    this.tell = tell;
  }

  /** Whether a new block is to be advised before its first touch. */
  boolean wants(Span span) {
    return isTried(span) && trial(span).nextIsAdvised();
  }

  /** A new block has been touched as far as its allocation does that. */
  void measured(Span span, long touchNanos, Plan plan) {
    if (!isTried(span)) {
      return;
    }
    Trial trial = trial(span);
    boolean advised = span.preallocPages() > 1;
    if (trial.measured(advised, (double) touchNanos / span.size())) {
      tell.accept(
          new Change(
              trial.isKept() ? 1 : plan.pages(),
              trial.isKept() ? plan.pages() : 1,
              plan.backendName(),
              "regions",
              0,
              trial.isKept() ? Outcome.APPLIED : Outcome.UNDONE,
              span.operation().kind().label()
                  + " of "
                  + span.size()
                  + " bytes and its like: "
                  + trial.describe()));
    }
  }

  /** A hooked operation is about to set so many bytes of a region. */
  void aboutToFill(Region region, long bytes, Plan plan) {
    if (region.size() < MIN_BYTES
        || bytes < region.size() / 2
        || region.kind() == RegionKind.MAPPED_FILE
        || region.preallocPages() > 1
        || sampled.containsKey(region)) {
      return;
    }
    decide(region, plan, bytes + " bytes of it are about to be set in order");
  }

  /** Called once a second by one thread. */
  void decideBySamples(Plan plan) {
    sampled.keySet().removeIf(Region::isFreed);
    leftAlone.removeIf(Region::isFreed);
    sampled.forEach((region, pages) -> takeBackIfUnused(region, pages, plan));
    regions.forEach(
        region -> isSeenEnough(region) && !sampled.containsKey(region),
        region -> {
          AccessPattern pattern = region.pattern();
          String seen =
              String.format(
                  Locale.ROOT,
                  "%d samples: %.0f %% in order, %.0f %% of the pages in between",
                  pattern.samples(),
                  100 * pattern.sequentialShare(),
                  100 * pattern.denseShare());
          if (pattern.sequentialShare() >= SEQUENTIAL && pattern.denseShare() >= DENSE) {
            decide(region, plan, seen);
          } else {
            leaveAlone(region, plan, seen + "; sparse or in no order, so base pages");
          }
        });
  }

  private void decide(Region region, Plan plan, String reason) {
    if (!guard.allows(region.size())) {
      leaveAlone(region, plan, reason + "; memory is short for all of it");
    } else if (!LiveRegions.isAdvisable(region)) {
      leaveAlone(region, plan, reason + "; it lies in the allocator's heap");
    } else {
      int given = regions.advise(region, plan.backend(), plan.pages());
      sampled.put(region, given);
      if (given > 1) {
        tell(region, plan, 1, given, Outcome.APPLIED, reason);
      } else {
        leaveAlone(region, plan, reason + "; the kernel refuses the advice");
      }
    }
  }

  /** Said once; a region may be decided on later, when more is seen of it. */
  private void leaveAlone(Region region, Plan plan, String reason) {
    if (leftAlone.add(region)) {
      tell(region, plan, 1, 1, Outcome.KEPT, reason);
    }
  }

  private void takeBackIfUnused(Region region, int pages, Plan plan) {
    long unused = pages == 1 ? 0 : unusedBytes.applyAsLong(region);
    if (unused > MOST_UNUSED * region.size()) {
      regions.unadvise(region, plan.backend());
      sampled.put(region, 1);
      tell(
          region, plan, pages, 1, Outcome.UNDONE, unused + " of its bytes are resident and unused");
    }
  }

  private void tell(
      Region region, Plan plan, int before, int after, Outcome outcome, String reason) {
    tell.accept(
        new Change(before, after, plan.backendName(), "region", region.id(), outcome, reason));
  }

  private static boolean isSeenEnough(Region region) {
    AccessPattern pattern = region.pattern();
    return pattern != null
        && region.size() >= MIN_BYTES
        && region.kind() != RegionKind.MAPPED_FILE
        && region.preallocPages() == 1
        && pattern.samples() >= FEWEST_SAMPLES;
  }

  /** Whether the JDK touches all of it before the allocation is over. */
  private static boolean isTried(Span span) {
    Operation operation = span.operation();
    return span.size() >= MIN_BYTES
        && "jdk".equals(operation.zeroing())
        && !span.isZeroedByKernel();
  }

  private Trial trial(Span span) {
    Kind kind =
        new Kind(span.operation().kind(), Long.SIZE - Long.numberOfLeadingZeros(span.size()));
    return trials.computeIfAbsent(kind, first -> new Trial());
  }
}
