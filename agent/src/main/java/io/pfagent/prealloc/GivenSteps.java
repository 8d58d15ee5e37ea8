package io.pfagent.prealloc;

import io.pfagent.account.Region;
import io.pfagent.prealloc.Change.Outcome;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The steps that regions were given: looked at once a second by one thread, and kept or taken back.
 * Any thread may add one.
 */
final class GivenSteps {

  /** Where more than this share of a region is resident and unused, its advice is taken back. */
  private static final double MOST_UNUSED = 0.5;

  /** So long a trial comes first; then the waste counts, whether there is a verdict or not. */
  private static final long TRIAL_NANOS = TimeUnit.SECONDS.toNanos(10);

  /**
   * What is looked at in a second, all regions together, some 4 ms. Those for which nothing is left
   * of it take their turn a second later.
   */
  private static final long BYTES_PER_SECOND = 512L << 20;

  /** To look for unused pages reads a number of them, in small regions too. */
  private static final long LEAST_LOOK_BYTES = 16 << 20;

  /**
   * What became of a region.
   *
   * @param pages that it was given, 1 once that was taken back
   * @param trial that is going on, or null
   * @param filled whether an operation touches all of it at once, so that nothing is unused
   * @param taught whether it was given for what its like had shown
   */
  record Step(int pages, StepTrial trial, boolean filled, boolean taught) {

    static final Step NONE = new Step(1, null, false, false);

    Step judged() {
      return new Step(pages, null, filled, taught);
    }
  }

  private final LiveRegions regions;
  private final Predicate<Region> isSetByHand;
  private final SampledFaults samples;
  private final PageView view;
  private final TouchCosts costs;
  private final Lessons lessons;
  private final Consumer<Change> tell;

  /** Regions that were decided on for good. */
  private final Map<Region, Step> steps = new ConcurrentHashMap<>();

  private long bytesLeft;
  private long lastLookedAt;

  GivenSteps(
      LiveRegions regions,
      Predicate<Region> isSetByHand,
      SampledFaults samples,
      PageView view,
      TouchCosts costs,
      Lessons lessons,
      Consumer<Change> tell) {
    this.regions = regions;
    this.isSetByHand = isSetByHand;
    this.samples = samples;
    this.view = view;
    this.costs = costs;
    this.lessons = lessons;
    this.tell = tell;
  }

  /** Whether a region was decided on for good. */
  boolean contains(Region region) {
    return steps.containsKey(region);
  }

  /** True for one caller: who decides on this region. */
  boolean claim(Region region) {
    return steps.putIfAbsent(region, Step.NONE) == null;
  }

  /** What a claimed region was given. */
  void put(Region region, Step step) {
    steps.put(region, step);
  }

  void forget() {
    steps.clear();
  }

  /** Looks at those whose turn it is. */
  void look(Plan plan) {
    steps.keySet().removeIf(Region::isFreed);
    bytesLeft = BYTES_PER_SECOND;
    inTurn().forEach(region -> watch(region, plan));
  }

  /** Those that were given something, the one that has waited longest first. */
  private List<Region> inTurn() {
    List<Region> given = new ArrayList<>();
    steps.forEach(
        (region, step) -> {
          if (step.pages() > 1) {
            given.add(region);
          }
        });
    given.sort(Comparator.comparingLong(Region::id));
    int next = 0;
    while (next < given.size() && given.get(next).id() <= lastLookedAt) {
      next++;
    }
    Collections.rotate(given, -next);
    return given;
  }

  private void watch(Region region, Plan plan) {
    Step step = steps.get(region);
    if (bytesLeft <= 0 || step == null) {
      return;
    }
    if (isSetByHand.test(region)) {
      steps.put(region, Step.NONE);
      return;
    }
    lastLookedAt = region.id();
    long now = System.nanoTime();
    StepTrial trial = step.trial();
    if (trial != null) {
      spend(trial.bytes());
      boolean isSampled = samples.areAllThereSince(trial.sampledSinceNanos());
      StepTrial.Verdict verdict = trial.look(view, isSampled, costs, now);
      if (verdict != null) {
        conclude(region, step, plan, verdict);
        return;
      }
    }
    if (!step.filled() && (trial == null || trial.ageNanos(now) > TRIAL_NANOS)) {
      takeBackIfUnused(region, step, plan);
    }
  }

  /** What was seen of a region that was freed meanwhile may have been somebody else's. */
  private void conclude(Region region, Step step, Plan plan, StepTrial.Verdict verdict) {
    if (region.isFreed()) {
      return;
    }
    lessons.learn(region, verdict.kept(), verdict.reason(), System.nanoTime());
    if (!verdict.kept()) {
      takeBack(region, step, plan, verdict.reason());
      return;
    }
    steps.put(region, step.judged());
    if (!step.taught()) {
      tell(region, plan, step.pages(), step.pages(), Outcome.KEPT, verdict.reason());
    }
  }

  private void takeBackIfUnused(Region region, Step step, Plan plan) {
    spend(Math.min(Waste.MOST_BYTES, region.size()));
    long unused = Waste.bytesIn(region, view);
    region.setUnusedBytes(unused);
    if (unused > MOST_UNUSED * region.size() && !region.isFreed()) {
      String reason = unused + " of its bytes are resident and unused";
      lessons.learn(region, false, reason, System.nanoTime());
      takeBack(region, step, plan, reason);
    }
  }

  private void spend(long bytes) {
    bytesLeft -= Math.max(LEAST_LOOK_BYTES, bytes);
  }

  private void takeBack(Region region, Step step, Plan plan, String reason) {
    regions.unadvise(region, plan.backend());
    steps.put(region, Step.NONE);
    tell(region, plan, step.pages(), 1, Outcome.UNDONE, reason);
  }

  private void tell(
      Region region, Plan plan, int before, int after, Outcome outcome, String reason) {
    tell.accept(
        new Change(before, after, plan.backendName(), "region", region.id(), outcome, reason));
  }
}
