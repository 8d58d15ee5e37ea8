package io.pfagent.prealloc;

import io.pfagent.account.AccessPattern;
import io.pfagent.account.Region;
import io.pfagent.account.RegionKind;
import io.pfagent.prealloc.Change.Outcome;
import io.pfagent.prealloc.GivenSteps.Step;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Steps on single regions, as what is seen of their use suggests: given, looked at, kept or taken
 * back ({@link StepTrial}), and kept in mind for their like ({@link Lessons}).
 */
final class RegionSteps {

  /** Smaller regions get none. */
  static final long MIN_BYTES = 4 << 20;

  private static final int FEWEST_SAMPLES = 8;
  private static final double SEQUENTIAL = 0.7;
  private static final double DENSE = 0.5;

  /**
   * What may be looked at in a second to decide on regions, each of them once: 8 ms where all is
   * resident in base pages. The others are decided on a second later. What becomes of them has its
   * own measure.
   */
  private static final long BYTES_PER_SECOND = 2L << 30;

  private final LiveRegions regions;
  private final Predicate<Region> isSetByHand;
  private final MemoryGuard guard;
  private final PageView view;
  private final TouchCosts costs;
  private final Consumer<Change> tell;
  private final Lessons lessons = new Lessons();

  /** Regions that were decided on for good. */
  private final GivenSteps given;

  /** Regions that a person was told of: seen, and not preallocated. */
  private final Set<Region> leftAlone = ConcurrentHashMap.newKeySet();

  private long bytesLeft;

  RegionSteps(
      LiveRegions regions,
      Predicate<Region> isSetByHand,
      MemoryGuard guard,
      SampledFaults samples,
      PageView view,
      TouchCosts costs,
      Consumer<Change> tell) {
    this.regions = regions;
    this.isSetByHand = isSetByHand;
    this.guard = guard;
    this.view = view;
    this.costs = costs;
    this.tell = tell;
    this.given = new GivenSteps(regions, isSetByHand, samples, view, costs, lessons, tell);
  }

  /** A new plan begins: what came of another one doesn't count. */
  void forget() {
    given.forget();
    leftAlone.clear();
    lessons.forget();
  }

  /** In the thread that has allocated a region, which nobody has touched yet. */
  void entered(Region region, Plan plan) {
    String lesson = isOpen(region) ? lessons.forIt(region) : null;
    if (lesson != null
        && guard.allows(region.size())
        && LiveRegions.isAdvisable(region)
        && given.claim(region)) {
      Stretch stretch = Stretch.untouched(region, 0, unitBytes());
      Before before = Before.untouched(costs.pageBytes());
      give(region, plan, lesson, new Step(1, trial(region, stretch, plan, before, 0), false, true));
    }
  }

  /** A hooked operation is about to set so many bytes from here on. */
  void aboutToFill(Region region, long address, long bytes, Plan plan) {
    if (isOpen(region) && bytes >= region.size() / 2) {
      String seen = bytes + " bytes of it are about to be set in order";
      decide(region, plan, seen, false, address - region.address(), bytes);
    }
  }

  /** By one thread. */
  void everySecond(Plan plan) {
    leftAlone.removeIf(Region::isFreed);
    given.look(plan);
    bytesLeft = BYTES_PER_SECOND;
    regions.forEach(region -> bytesLeft > 0 && isOpen(region), region -> consider(region, plan));
  }

  private void consider(Region region, Plan plan) {
    String lesson = leftAlone.contains(region) ? null : lessons.forIt(region);
    AccessPattern pattern = region.pattern();
    if (lesson != null) {
      decide(region, plan, lesson, true, pattern == null ? 0 : pattern.front(), 0);
    } else if (pattern != null && pattern.samples() >= FEWEST_SAMPLES) {
      String seen =
          String.format(
              Locale.ROOT,
              "%d samples: %.0f %% in order, %.0f %% of the pages in between",
              pattern.samples(),
              100 * pattern.sequentialShare(),
              100 * pattern.denseShare());
      if (pattern.sequentialShare() >= SEQUENTIAL && pattern.denseShare() >= DENSE) {
        decide(region, plan, seen, false, pattern.front(), 0);
      } else {
        leaveAlone(region, plan, seen + "; sparse or in no order, so base pages");
      }
    }
  }

  private void decide(
      Region region, Plan plan, String seen, boolean taught, long front, long filledBytes) {
    if (!guard.allows(region.size())) {
      leaveAlone(region, plan, seen + "; memory is short for all of it");
      return;
    }
    if (!LiveRegions.isAdvisable(region)) {
      leaveAlone(region, plan, seen + "; it lies in the allocator's heap");
      return;
    }
    boolean isNew = !leftAlone.contains(region);
    String against = taught ? null : lessons.againstIt(region, isNew, System.nanoTime());
    if (against != null) {
      leaveAlone(region, plan, seen + "; " + against);
    } else if (given.claim(region)) {
      step(region, plan, seen, taught, front, filledBytes);
    }
  }

  private void step(
      Region region, Plan plan, String seen, boolean taught, long front, long filledBytes) {
    Stretch stretch = Stretch.of(region, front, unitBytes(), view);
    if (filledBytes == 0) { // else it is the application's thread
      bytesLeft -= 2 * Math.min(region.size(), Stretch.MOST_UNITS * unitBytes());
    }
    if (stretch == null) {
      String reason = seen + "; what comes of it can't be seen here";
      give(region, plan, reason, new Step(1, null, filledBytes > 0, taught));
    } else if (stretch.emptyUnits() == 0) {
      leaveAlone(region, plan, seen + "; nothing of it is left to be touched first");
    } else {
      Before before =
          filledBytes > 0 || taught
              ? Before.untouched(costs.pageBytes())
              : Before.of(region, costs.pageBytes(), view);
      StepTrial trial = trial(region, stretch, plan, before, filledBytes);
      give(region, plan, seen, new Step(1, trial, filledBytes > 0, taught));
    }
  }

  private void give(Region region, Plan plan, String reason, Step step) {
    int pages = regions.advise(region, plan.backend(), plan.pages());
    if (pages > 1) {
      given.put(region, new Step(pages, step.trial(), step.filled(), step.taught()));
      tell(region, plan, 1, pages, Outcome.APPLIED, reason);
    } else {
      leaveAlone(region, plan, reason + "; the kernel refuses the advice");
    }
  }

  /** Said once; a region may be decided on later, when more is seen of it. */
  private void leaveAlone(Region region, Plan plan, String reason) {
    if (leftAlone.add(region)) {
      tell(region, plan, 1, 1, Outcome.KEPT, reason);
    }
  }

  private StepTrial trial(
      Region region, Stretch stretch, Plan plan, Before before, long filledBytes) {
    return new StepTrial(
        region, stretch, plan.pages(), unitBytes(), before, filledBytes, System.nanoTime());
  }

  /** The largest page, in which the page map counts. */
  private long unitBytes() {
    return Preallocation.MOST_PAGES * costs.pageBytes();
  }

  private void tell(
      Region region, Plan plan, int before, int after, Outcome outcome, String reason) {
    tell.accept(
        new Change(before, after, plan.backendName(), "region", region.id(), outcome, reason));
  }

  /** Whether nothing is decided on it yet. */
  private boolean isOpen(Region region) {
    return region.size() >= MIN_BYTES
        && region.kind() != RegionKind.MAPPED_FILE
        && region.preallocPages() == 1
        && !given.contains(region)
        && !isSetByHand.test(region);
  }
}
