package io.pfagent.kernel;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Measures what the first write to each page costs, by pages per fault, as native/bench does in C.
 *
 * <p>One more round at the beginning doesn't count: in it the code is compiled, and memory that the
 * guest of a virtual machine never touched is had from the host, which is ten times as dear, once.
 *
 * @param costs in the order in which they read best: by order of writes, then by pages
 * @param left the numbers of pages per fault that can't be had
 */
public record FirstWriteCosts(List<FirstWriteCost> costs, List<NotMeasured> left) {

  /** The largest mapping that can be measured, in bytes; a larger one would tell no more. */
  public static final long MOST_BYTES = 1L << 30;

  private static final int ROUNDS = 5;

  /** Writes until the loop is compiled for good. */
  private static final int WARM_UP_WRITES = 1 << 20;

  /** The sizes of mappings are multiples of this many bytes, the most that one fault brings. */
  public static long unitBytes() {
    return MultiPageAlloc.MOST_PAGES * LibC.pageSize();
  }

  /**
   * Takes some seconds with 256 MB. No setting of the system is changed; {@code multi_page_alloc}
   * is set for this process alone, and put back.
   *
   * @param bytes of the mapping, a multiple of {@link #unitBytes()}, at most {@link #MOST_BYTES}
   * @throws IOException if the kernel refuses memory, or an advice on it; the message says what to
   *     do
   * @throws IllegalArgumentException if it can't be so many bytes
   * @throws IllegalStateException where the C library can't be called; {@link Rusage#capability()}
   *     tells
   */
  public static FirstWriteCosts measure(long bytes) throws IOException {
    if (!LibC.AVAILABLE) {
      throw new IllegalStateException(LibC.CAPABILITY.reason());
    }
    if (bytes <= 0 || bytes > MOST_BYTES || bytes % unitBytes() != 0) {
      throw new IllegalArgumentException(bytes + " bytes, not a multiple of " + unitBytes());
    }
    // A filter may deny the call on a kernel that has it.
    Optional<MultiPageAlloc> patched = MultiPageAlloc.open().filter(call -> call.pages() > 0);
    PageSupplies supplies = PageSupplies.ofThisMachine(patched.isPresent());
    int before = patched.map(MultiPageAlloc::pages).orElse(1);
    try {
      return new FirstWriteCosts(measure(bytes, supplies, patched), supplies.left());
    } finally {
      patched.ifPresent(call -> call.set(before));
    }
  }

  private static List<FirstWriteCost> measure(
      long bytes, PageSupplies supplies, Optional<MultiPageAlloc> patched) throws IOException {
    int pages = (int) (bytes / LibC.pageSize());
    List<Series> all = new ArrayList<>();
    for (PageOrder order : PageOrder.values()) {
      int[] writes = order.of(pages);
      supplies.available().forEach(supply -> all.add(new Series(supply, order, writes)));
    }
    warmUp(bytes, all.get(0).writes);
    for (int round = -1; round < ROUNDS; round++) {
      for (Series series : all) {
        series.round(round, bytes, patched);
      }
    }
    return all.stream().map(Series::cost).toList();
  }

  private static void warmUp(long bytes, int[] writes) throws IOException {
    try (MeasuredMemory memory = MeasuredMemory.map(bytes)) {
      for (int written = 0; written < WARM_UP_WRITES; written += writes.length) {
        memory.write(writes);
      }
    }
  }

  /** The rounds of one order and one supply. */
  private static final class Series {
    private final PageSupply supply;
    private final PageOrder order;
    private final int[] writes;
    private final double[] first = new double[ROUNDS];
    private final double[] again = new double[ROUNDS];
    private final long[] faults = new long[ROUNDS];
    private final Rusage rusage = new Rusage();

    Series(PageSupply supply, PageOrder order, int[] writes) {
      this.supply = supply;
      this.order = order;
      this.writes = writes;
    }

    void round(int round, long bytes, Optional<MultiPageAlloc> patched) throws IOException {
      try (MeasuredMemory memory = MeasuredMemory.map(bytes)) {
        memory.advise(supply.way());
        boolean byCall = supply.way() == PageSupply.Way.MULTI_PAGE_ALLOC;
        setPages(patched, byCall ? supply.pages() : 1);
        long faultsBefore = minorFaults();
        long start = System.nanoTime();
        memory.write(writes);
        long written = System.nanoTime();
        long faultsAfter = minorFaults();
        setPages(patched, 1);
        long restart = System.nanoTime();
        memory.write(writes);
        long end = System.nanoTime();
        if (round >= 0) {
          first[round] = (double) (written - start) / writes.length;
          again[round] = (double) (end - restart) / writes.length;
          faults[round] = faultsAfter - faultsBefore;
        }
      }
    }

    private long minorFaults() throws IOException {
      if (!rusage.readThread()) {
        throw new IOException("getrusage(RUSAGE_THREAD): " + Errno.name(LibC.errno()));
      }
      return rusage.minorFaults();
    }

    private static void setPages(Optional<MultiPageAlloc> patched, int pages) throws IOException {
      String refusal = patched.map(call -> call.set(pages)).orElse("");
      if (!refusal.isEmpty()) {
        throw new IOException(refusal);
      }
    }

    FirstWriteCost cost() {
      Arrays.sort(faults);
      return new FirstWriteCost(
          supply,
          order,
          RoundTimes.of(first),
          RoundTimes.of(again),
          writes.length,
          faults[ROUNDS / 2]);
    }
  }
}
