package io.pfagent.report;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** Finds out from the samples of one region where in it the faults are, and in which order. */
final class AccessPattern {

  static final int PARTS = 16;

  private static final int MAX_KEPT = 4096;
  private static final int QUARTER = PARTS / 4;

  /** Fewer samples than this say nothing of a place or an order. */
  private static final int MIN_SAMPLES = 16;

  /** This share of the faults makes a quarter of the region the place. */
  private static final double MOST = 0.9;

  /** With something in that many parts, faults are all over the region. */
  private static final int ALL_OVER_PARTS = 12;

  private static final int MAX_STRIDE_PAGES = 1024;
  private static final double STRIDE_SHARE = 0.95;

  /** How many more faults than one per step a stride may have: some pages fault twice. */
  private static final double STRIDE_SLACK = 1.2;

  private static final Comparator<Sample> BY_THREAD_AND_TIME =
      Comparator.comparingLong(Sample::thread).thenComparingLong(Sample::nanos);

  private final long sizeBytes;
  private final long pageBytes;
  private final Reservoir<Sample> samples = new Reservoir<>(MAX_KEPT);
  private final long[] parts = new long[PARTS];
  private long faults;

  /** A sample as the order needs it; {@code page} is counted from the region's begin. */
  record Sample(long nanos, long thread, long page) {}

  /**
   * What was found.
   *
   * @param where head, tail, all over, a range in percent, some places, or few samples
   * @param order sequential, backwards, random, or null if too few samples tell
   * @param stridePages distance in pages between faults if it is always a multiple of this; 1 if
   *     not
   * @param parts sampled faults in each sixteenth of the region
   */
  record Pattern(String where, String order, long stridePages, List<Long> parts) {}

  /**
   * @param sizeBytes of the region, more than 0
   */
  AccessPattern(long sizeBytes, long pageBytes) {
    this.sizeBytes = sizeBytes;
    this.pageBytes = pageBytes;
  }

  /**
   * Takes a sample.
   *
   * @param thread any number that tells threads apart
   * @param offset bytes from the region's begin
   * @param address absolute, or {@link EventFields#UNKNOWN}
   * @param weight faults that it stands for
   */
  void accept(long nanos, long thread, long offset, long address, long weight) {
    if (offset < 0 || offset >= sizeBytes) {
      return;
    }
    faults += weight;
    parts[(int) ((double) offset / sizeBytes * PARTS)] += weight;
    // Regions of malloc begin inside a page: only the address tells one page from the next.
    long begin = address < 0 ? 0 : (address - offset) / pageBytes;
    long page = (address < 0 ? offset : address) / pageBytes - begin;
    samples.offer(new Sample(nanos, thread, page));
  }

  Pattern find() {
    List<Sample> kept = samples.sorted(BY_THREAD_AND_TIME);
    long pages = Math.max(1, sizeBytes / pageBytes);
    String order = kept.size() < MIN_SAMPLES ? null : AccessOrder.of(kept, pages);
    return new Pattern(where(), order, stride(kept), parts());
  }

  private List<Long> parts() {
    return LongStream.of(parts).boxed().toList();
  }

  private String where() {
    if (samples.offered() < MIN_SAMPLES) {
      return "few samples";
    }
    if (sum(0, QUARTER) >= MOST * faults) {
      return "head";
    }
    if (sum(PARTS - QUARTER, PARTS) >= MOST * faults) {
      return "tail";
    }
    int first = 0;
    while (parts[first] == 0) {
      first++;
    }
    int last = PARTS - 1;
    while (parts[last] == 0) {
      last--;
    }
    int used = 0;
    for (long part : parts) {
      used += part > 0 ? 1 : 0;
    }
    if (used >= ALL_OVER_PARTS) {
      return "all over";
    }
    return used == last - first + 1
        ? "%d to %d %%".formatted(100 * first / PARTS, 100 * (last + 1) / PARTS)
        : "some places";
  }

  private long sum(int from, int to) {
    long sum = 0;
    for (int part = from; part < to; part++) {
      sum += parts[part];
    }
    return sum;
  }

  /**
   * The widest step that nearly all faults keep. A sampled run of neighbours keeps the sampling
   * period just as well; but it has more faults than a run of such steps has room for.
   */
  private long stride(List<Sample> kept) {
    if (kept.size() < MIN_SAMPLES) {
      return 1;
    }
    long lowest = kept.stream().mapToLong(Sample::page).min().orElse(0);
    long highest = kept.stream().mapToLong(Sample::page).max().orElse(0);
    long widest =
        Math.min(MAX_STRIDE_PAGES, (long) (STRIDE_SLACK * (highest - lowest + 1) / faults));
    for (int stride = (int) widest; stride > 1; stride--) {
      if (largestResidue(kept, stride) >= STRIDE_SHARE * kept.size()) {
        return stride;
      }
    }
    return 1;
  }

  private static long largestResidue(List<Sample> kept, int stride) {
    Map<Long, Long> residues = new HashMap<>();
    long largest = 0;
    for (Sample sample : kept) {
      largest = Math.max(largest, residues.merge(sample.page() % stride, 1L, Long::sum));
    }
    return largest;
  }
}
