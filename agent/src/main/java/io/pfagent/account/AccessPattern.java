package io.pfagent.account;

/**
 * What sampled faults tell about the use of a region: in which order its pages are touched first,
 * and how many of those that lie in between. Written by one thread, the one that reads samples;
 * read by any.
 *
 * <p>Samples are few, so all of it is an estimate: a step from one sample to the next counts as
 * sequential if it goes forward by no more than a few times what the faults in between would fill.
 */
public final class AccessPattern {

  private static final long PAGE_BYTES = 4096;

  /**
   * Several threads, and pages that were there before, make a sequential walk take longer steps.
   */
  private static final long SLACK = 4;

  private volatile long samples;
  private long sequentialSteps;
  private long faults;
  private long lowest = Long.MAX_VALUE;
  private long highest = Long.MIN_VALUE;
  private long last;
  private long lastNanos;
  private volatile Part part;

  /** The sampled faults of a part of the region, from a moment on. */
  public static final class Part {
    private final long from;
    private final long to;
    private volatile long faults;

    private Part(long from, long to) {
      this.from = from;
      this.to = to;
    }

    /** Faults that the samples in this part stand for. */
    public long faults() {
      return faults;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // by one thread
    private void observe(long offset, long weight) {
      if (offset >= from && offset < to) {
        faults += weight;
      }
    }
  }

  /**
   * Counts the faults of a part of the region from now on. Any thread may ask; the last one counts.
   *
   * @param from bytes from the region's start
   * @param to one past the last of them
   */
  public Part watch(long from, long to) {
    Part watched = new Part(from, to);
    part = watched;
    return watched;
  }

  /**
   * A sampled fault.
   *
   * @param offset bytes from the region's start
   * @param nanos when, by {@link System#nanoTime()}
   * @param weight faults that it stands for, itself included
   */
  public void observe(long offset, long nanos, long weight) {
    long before = samples;
    long step = offset - last;
    if (before > 0 && step > 0 && step <= SLACK * weight * PAGE_BYTES) {
      sequentialSteps++;
    }
    faults += weight;
    lowest = Math.min(lowest, offset);
    highest = Math.max(highest, offset);
    last = offset;
    lastNanos = nanos;
    samples = before + 1; // publishes what was written above
    Part watched = part;
    if (watched != null) {
      watched.observe(offset, weight);
    }
  }

  /** Samples so far. */
  public long samples() {
    return samples;
  }

  /** Faults that the samples stand for. */
  public long sampledFaults() {
    return samples == 0 ? 0 : faults;
  }

  /** Share of the steps between samples that go forward through neighbouring pages, 0 to 1. */
  public double sequentialShare() {
    long seen = samples;
    return seen < 2 ? 0 : Math.min(1, (double) sequentialSteps / (seen - 1));
  }

  /** Share of the pages between the lowest and the highest fault that faulted, 0 to 1. */
  public double denseShare() {
    if (samples == 0) {
      return 0;
    }
    double pages = (double) (highest - lowest) / PAGE_BYTES + 1;
    return Math.min(1, faults / pages);
  }

  /** Where the lowest sampled fault was, bytes from the region's start; 0 before the first. */
  public long lowest() {
    return samples == 0 ? 0 : lowest;
  }

  /** Where the highest sampled fault was, bytes from the region's start; 0 before the first. */
  public long highest() {
    return samples == 0 ? 0 : highest;
  }

  /** Where the last sampled fault was, bytes from the region's start; 0 before the first. */
  public long front() {
    return samples == 0 ? 0 : last;
  }

  /** When the last sampled fault was, by {@link System#nanoTime()}. */
  public long frontNanos() {
    return samples == 0 ? 0 : lastNanos;
  }
}
