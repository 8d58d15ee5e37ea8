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
    double base = Double.MAX_VALUE;
    double large = Double.MAX_VALUE;
    Rusage rusage = new Rusage();
    try {
      for (int round = -1; round < ROUNDS; round++) { // in the first one code is compiled
        Round small = Round.of(PageSupply.Way.BASE, writes, rusage);
        Round advised = Round.of(way, writes, rusage);
        if (round >= 0) {
          base = Math.min(base, small.nanos() / writes.length);
          if (advised.faults() <= FEW_ENOUGH * largeFaults) {
            large = Math.min(large, advised.nanos() / largeFaults);
          }
        }
      }
    } catch (IOException refused) {
      return Optional.empty();
    }
    return Optional.of(new FirstTouchCost(base, large == Double.MAX_VALUE ? 0 : large));
  }

  /**
   * All pages of fresh memory written twice.
   *
   * @param nanos that the first time took longer
   * @param faults minor faults of the first time
   */
  private record Round(double nanos, long faults) {

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
        return new Round(Math.max(0, written - start - again), faults);
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
