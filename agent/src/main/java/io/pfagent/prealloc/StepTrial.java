package io.pfagent.prealloc;

import io.pfagent.account.AccessPattern;
import io.pfagent.account.Region;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Finds out what came of a step on one region: what a page that is touched first costs there now,
 * against before. Who witnesses is the page map, for what of the stretch ahead was handed out
 * since, in pages of the largest size or not; sizes below it, and all of them on kernels whose page
 * map doesn't tell sizes, show by the faults that are missing. For one thread.
 */
final class StepTrial {

  /** What was given may be in use a moment later only. */
  static final long LEAST_NANOS = TimeUnit.SECONDS.toNanos(2);

  /** Units of the largest page, fewer only where fewer are left. */
  static final int FEWEST_UNITS = 4;

  /** Samples that there would be if each page took a fault of its own. */
  private static final int FEWEST_SAMPLES = 16;

  /** Less of a gain is noise. */
  private static final double WORTH_IT = 0.95;

  /** Less in large pages is none. */
  private static final double FEW = 0.05;

  private static final long MOVE_NANOS = TimeUnit.SECONDS.toNanos(8);

  private final Region region;
  private final int pages;
  private final long unitBytes;
  private final long filledBytes;
  private final Before before;
  private final long startNanos;
  private final long minorBefore;

  private Stretch stretch;
  private AccessPattern.Part sampled;
  private long stretchNanos;

  /** Whether the step is kept, and why. */
  record Verdict(boolean kept, String reason) {}

  /**
   * Begins just before the step is given.
   *
   * @param pages base pages of what the kernel is asked for
   * @param filledBytes that an operation is about to touch, so that none of them is unused; else 0
   */
  StepTrial(
      Region region,
      Stretch stretch,
      int pages,
      long unitBytes,
      Before before,
      long filledBytes,
      long nowNanos) {
    this.region = region;
    this.pages = pages;
    this.unitBytes = unitBytes;
    this.filledBytes = filledBytes;
    this.before = before;
    this.startNanos = nowNanos;
    this.minorBefore = region.minorFaults();
    lookAt(stretch, nowNanos);
  }

  /** Bytes that a look goes through. */
  long bytes() {
    return stretch.bytes();
  }

  long ageNanos(long nowNanos) {
    return nowNanos - startNanos;
  }

  /** Since when samples matter of what is looked at. */
  long sampledSinceNanos() {
    return stretchNanos;
  }

  /**
   * Looks at it.
   *
   * @param isSampled whether no sample is missing of what is looked at
   * @return null as long as too little of it is seen
   */
  Verdict look(PageView view, boolean isSampled, TouchCosts costs, long nowNanos) {
    if (nowNanos - startNanos < LEAST_NANOS) {
      return null;
    }
    Stretch.Seen seen = stretch.look(view);
    if (seen == null || seen.units().cardinality() < Math.min(FEWEST_UNITS, stretch.emptyUnits())) {
      moveOn(view, nowNanos);
      return null;
    }
    double faultsPerPage = faultsPerPage(seen, isSampled, costs.pageBytes());
    if (Double.isNaN(faultsPerPage)) {
      return null;
    }
    double largeShare = largeShare(seen, faultsPerPage);
    TouchCost cost = costs.of(pages, largeShare >= FEW || before.use().hugeBytes() > 0, nowNanos);
    if (cost == null) {
      return null;
    }
    long unused = filledBytes > 0 ? 0 : stretch.unusedBytes(seen, view);
    PageUse use = new PageUse(seen.residentBytes(), seen.hugeBytes(), unused);
    return judge(cost, use, faultsPerPage, largeShare);
  }

  private Verdict judge(TouchCost cost, PageUse use, double faultsPerPage, double largeShare) {
    double was = cost.perUsedPage(before.use(), before.faultsPerPage());
    double is = cost.perUsedPage(use, faultsPerPage);
    if (largeShare < FEW) {
      return new Verdict(
          false,
          format(
              "the kernel took the advice and gave no large pages: a touched page cost %.2f us, and"
                  + " %.2f us before",
              is / 1000, was / 1000));
    }
    String figures =
        format("a touched page cost %.2f us instead of %.2f us", is / 1000, was / 1000);
    if (is <= WORTH_IT * was) {
      return new Verdict(true, figures + format(", %.0f %% in large pages", 100 * largeShare));
    }
    return new Verdict(
        false,
        use.unusedBytes() > use.usedBytes()
            ? format(
                    "%d of %d kB handed out are unused: ",
                    kilo(use.unusedBytes()), kilo(use.residentBytes()))
                + figures
            : "no gain: " + figures);
  }

  /** Faults per page outside of pages of the largest size; not a number if too little is known. */
  private double faultsPerPage(Stretch.Seen seen, boolean isSampled, long pageBytes) {
    if (seen.hugeBytes() >= 0 && pages * pageBytes == unitBytes) {
      return 1;
    }
    long counted = region.minorFaults() - minorBefore;
    if (filledBytes > 0 && counted > 0) {
      return Math.min(1, (double) counted * pageBytes / filledBytes);
    }
    AccessPattern pattern = region.pattern();
    if (!isSampled || pattern == null || pattern.samples() == 0) {
      return Double.NaN;
    }
    double faultsPerSample = (double) pattern.sampledFaults() / pattern.samples();
    double touched = (double) (seen.residentBytes() - Math.max(0, seen.hugeBytes())) / pageBytes;
    return touched < FEWEST_SAMPLES * faultsPerSample && touched > 0
        ? Double.NaN
        : Math.min(1, sampled.faults() / Math.max(1, touched));
  }

  /** Share of what was handed out that came in large pages, 0 to 1. */
  private double largeShare(Stretch.Seen seen, double faultsPerPage) {
    double huge = Math.max(0, (double) seen.hugeBytes() / seen.residentBytes());
    double least = 1.0 / pages;
    double ofOthers = (1 - Math.max(least, faultsPerPage)) / (1 - least);
    return huge + (1 - huge) * ofOthers;
  }

  /** Where a large region is no longer touched in the stretch, it is elsewhere. */
  private void moveOn(PageView view, long nowNanos) {
    AccessPattern pattern = region.pattern();
    if (nowNanos - stretchNanos >= MOVE_NANOS
        && pattern != null
        && pattern.samples() > 0
        && stretch.bytes() + 2 * unitBytes < region.size()) {
      Stretch next = Stretch.of(region, pattern.front(), unitBytes, view);
      if (next != null && next.emptyUnits() > 0) {
        lookAt(next, nowNanos);
      }
    }
  }

  private void lookAt(Stretch next, long nowNanos) {
    stretch = next;
    stretchNanos = nowNanos;
    long from = next.start() - region.address();
    sampled = region.watch(from, from + next.bytes());
  }

  private static long kilo(long bytes) {
    return bytes >> 10;
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
