package io.pfagent.prealloc;

import io.pfagent.kernel.FirstTouchCost;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/**
 * What faults cost here, measured when the first step is judged: some 10 ms, once. For one thread.
 */
final class TouchCosts {

  /** Where the kernel gave no large page, or no memory, it is asked again so much later. */
  private static final long AGAIN_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final IntFunction<Optional<FirstTouchCost>> measure;
  private final long pageBytes;

  private TouchCost known;
  private int triedPages;
  private long triedNanos;

  /** Those of this machine. */
  TouchCosts(long pageBytes) {
    this(FirstTouchCost::measure, pageBytes);
  }

  TouchCosts(IntFunction<Optional<FirstTouchCost>> measure, long pageBytes) {
    this.measure = measure;
    this.pageBytes = pageBytes;
  }

  long pageBytes() {
    return pageBytes;
  }

  /**
   * The costs of base pages, and of large ones of so many base pages; null as long as they aren't
   * known.
   *
   * @param withLarge whether those of large ones are needed
   */
  TouchCost of(int pages, boolean withLarge, long nowNanos) {
    if (isKnown(pages, withLarge)) {
      return known;
    }
    if (triedPages != pages || nowNanos - triedNanos >= AGAIN_NANOS) {
      triedPages = pages;
      triedNanos = nowNanos;
      measure
          .apply(pages)
          .ifPresent(
              cost ->
                  known =
                      new TouchCost(
                          cost.baseFaultNanos(), cost.largeFaultNanos(), pages, pageBytes));
    }
    return isKnown(pages, withLarge) ? known : null;
  }

  private boolean isKnown(int pages, boolean withLarge) {
    return known != null
        && known.largePages() == pages
        && known.baseNanos() > 0
        && (!withLarge || known.largeNanos() > 0);
  }
}
