package io.pfagent.report;

import java.util.List;

/**
 * Tells sequential from random faults. A thread may go through a region at several places in turn
 * (a merge, a copy inside one buffer), so each fault is compared with the nearest of the thread's
 * last few, as the kernel's own read-ahead does for interleaved streams.
 */
final class AccessOrder {

  static final String SEQUENTIAL = "sequential";
  static final String BACKWARDS = "backwards";
  static final String RANDOM = "random";

  private static final int FRONTS = 4;

  /** This share of steps in one direction is an order. */
  private static final double MOST = 0.8;

  /** A step this many times the mean gap between the samples still goes on from a front. */
  private static final long GAPS = 4;

  /** So is a step of this part of the region, at least. */
  private static final long FRACTION = 64;

  private final long window;
  private final long[] fronts = new long[FRONTS];
  private int next;
  private int filled;
  private long forwards;
  private long backwards;
  private long steps;

  private AccessOrder(long window) {
    this.window = window;
  }

  /**
   * The order of faults.
   *
   * @param samples by thread, and within a thread by time
   * @param pages of the region
   */
  static String of(List<AccessPattern.Sample> samples, long pages) {
    AccessOrder order =
        new AccessOrder(Math.max(pages / FRACTION, GAPS * pages / Math.max(1, samples.size())));
    long thread = samples.get(0).thread();
    for (AccessPattern.Sample sample : samples) {
      if (sample.thread() != thread) {
        thread = sample.thread();
        order.filled = 0;
        order.next = 0;
      }
      order.step(sample.page());
    }
    return order.name();
  }

  private void step(long page) {
    int nearest = nearest(page);
    if (nearest >= 0) {
      steps++;
      long distance = page - fronts[nearest];
      forwards += distance >= 0 && distance <= window ? 1 : 0;
      backwards += distance <= 0 && -distance <= window ? 1 : 0;
    }
    if (nearest >= 0 && Math.abs(page - fronts[nearest]) <= window) {
      fronts[nearest] = page;
    } else {
      fronts[next] = page;
      next = (next + 1) % FRONTS;
      filled = Math.min(FRONTS, filled + 1);
    }
  }

  private int nearest(long page) {
    int nearest = -1;
    for (int i = 0; i < filled; i++) {
      if (nearest < 0 || Math.abs(page - fronts[i]) < Math.abs(page - fronts[nearest])) {
        nearest = i;
      }
    }
    return nearest;
  }

  private String name() {
    if (steps == 0) {
      return null;
    }
    if (forwards >= MOST * steps) {
      return SEQUENTIAL;
    }
    return backwards >= MOST * steps ? BACKWARDS : RANDOM;
  }
}
