package io.pfagent.prealloc;

import io.pfagent.account.Operation;
import io.pfagent.account.Region;
import io.pfagent.account.RegionKind;
import io.pfagent.account.Span;
import io.pfagent.prealloc.Change.Outcome;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Decides for each region by what is seen of its use ({@code prealloc=auto}):
 *
 * <ul>
 *   <li>what the JDK zeroes after allocating it is touched densely and in order: tried with and
 *       without, and kept if it is faster ({@link Trial});
 *   <li>what is about to be set or copied into as a whole is touched so too;
 *   <li>else sampled faults tell: dense and in order gets large pages, anything else none. What
 *       comes of it is compared with what was before ({@link RegionSteps});
 *   <li>small regions get none.
 * </ul>
 */
final class AutoPolicy implements AutoCloseable {

  /** What is said of regions that nothing is decided on. */
  static final String LIMIT = "below 4 MB none";

  private record Kind(RegionKind kind, int sizeLog2) {}

  private final PageMapView pages = new PageMapView();
  private final RegionSteps steps;
  private final Consumer<Change> tell;
  private final Map<Kind, Trial> trials = new ConcurrentHashMap<>();

  /**
   * @param isSetByHand regions that are none of its business
   * @param samples whether regions see sampled faults
   */
  AutoPolicy(
      LiveRegions regions,
      Predicate<Region> isSetByHand,
      MemoryGuard guard,
      SampledFaults samples,
      long pageBytes,
      Consumer<Change> tell) {
    TouchCosts costs = new TouchCosts(pageBytes);
    this.steps = new RegionSteps(regions, isSetByHand, guard, samples, pages, costs, tell);
    this.tell = tell;
  }

  /** A new plan begins. */
  void begin() {
    steps.forget();
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

  /** A new region is in the table, and what is left of its allocation is to return its address. */
  void entered(Region region, Span span, Plan plan) {
    if (!isTried(span) && span.operation() != Operation.REALLOCATE) {
      steps.entered(region, plan);
    }
  }

  /** A hooked operation is about to set so many bytes of a region, from this address on. */
  void aboutToFill(Region region, long address, long bytes, Plan plan) {
    steps.aboutToFill(region, address, bytes, plan);
  }

  /** Called once a second by one thread. */
  void everySecond(Plan plan) {
    steps.everySecond(plan);
  }

  /** Whether the JDK touches all of it before the allocation is over. */
  private static boolean isTried(Span span) {
    Operation operation = span.operation();
    return span.size() >= RegionSteps.MIN_BYTES
        && "jdk".equals(operation.zeroing())
        && !span.isZeroedByKernel();
  }

  @Override
  public void close() {
    pages.close();
  }

  private Trial trial(Span span) {
    Kind kind =
        new Kind(span.operation().kind(), Long.SIZE - Long.numberOfLeadingZeros(span.size()));
    return trials.computeIfAbsent(kind, first -> new Trial());
  }
}
