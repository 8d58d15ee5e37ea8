package io.pfagent.kernel;

import java.io.IOException;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What a fault costs that brings one page, and one that brings a large page, measured side by side:
 * both by the first write to each base page less what the same writes cost again. The lowest of
 * several rounds counts, for what disturbs a round only adds to it.
 *
 * @param baseFaultNanos nanoseconds of a fault that brings one base page
 * @param largeFaultNanos nanoseconds of a fault that brings a large page; 0 where the kernel gave
 *     none
 */
public record FirstTouchCost(double baseFaultNanos, double largeFaultNanos) {

  /** Two page tables: so much of the largest size is there where memory is short, too. */
  private static final int TABLES = 2;

  private static final int ROUNDS = 5;

  /** Where more faults than this share of them were raised, some pages were not large. */
  private static final double FEW_ENOUGH = 1.5;

  /**
   * Measures for some 10 ms.
   *
   * @param pages base pages of a large page, as advised memory gets them
   * @return empty where memory can't be mapped
   */
  public static Optional<FirstTouchCost> measure(int pages) {
    if (!LibC.AVAILABLE) {
      return Optional.empty();
    }
    int perTable = (int) (LibC.pageSize() / Long.BYTES);
    PageSupply.Way way = pages < perTable ? PageSupply.Way.MTHP : PageSupply.Way.THP;
    int[] writes = IntStream.range(0, TABLES * perTable).toArray();
    double largeFaults = Math.max(1, (double) writes.length / pages);
    Lowest base = new Lowest();
    Lowest large = new Lowest();
    Rusage rusage = new Rusage();
    try {
      for (int round = -1; round < ROUNDS; round++) { // in the first one code is compiled
        Round small = Round.of(PageSupply.Way.BASE, writes, rusage);
        Round advised = Round.of(way, writes, rusage);
        if (round >= 0) {
          base.add(small);
          if (advised.faults() <= FEW_ENOUGH * largeFaults) {
            large.add(advised);
          }
        }
      }
    } catch (IOException refused) {
      return Optional.empty();
    }
    return Optional.of(
        new FirstTouchCost(base.nanos() / writes.length, large.nanos() / largeFaults));
  }

  /** Of the first writes and of those again, each by itself: either may have been disturbed. */
  private static final class Lowest {
    private long first = Long.MAX_VALUE;
    private long again = Long.MAX_VALUE;

    void add(Round round) {
      first = Math.min(first, round.firstNanos());
      again = Math.min(again, round.againNanos());
    }

    /** What the faults took; 0 if there was no round. */
    double nanos() {
      return Math.max(0, first - again);
    }
  }

  /** All pages of fresh memory written twice, and the minor faults of the first time. */
  private record Round(long firstNanos, long againNanos, long faults) {

    static Round of(PageSupply.Way way, int[] writes, Rusage rusage) throws IOException {
      try (MeasuredMemory memory = MeasuredMemory.map(writes.length * LibC.pageSize())) {
        memory.advise(way);
        long faultsBefore = minorFaults(rusage);
        long start = System.nanoTime();
        memory.write(writes);
        long written = System.nanoTime();
        long faults = minorFaults(rusage) - faultsBefore;
        long restart = System.nanoTime();
        memory.write(writes);
        long again = System.nanoTime() - restart;
        return new Round(written - start, again, faults);
      }
    }

    private static long minorFaults(Rusage rusage) throws IOException {
      if (!rusage.readThread()) {
        throw new IOException("getrusage(RUSAGE_THREAD): " + Errno.name(LibC.errno()));
      }
      return rusage.minorFaults();
    }
  }
}
