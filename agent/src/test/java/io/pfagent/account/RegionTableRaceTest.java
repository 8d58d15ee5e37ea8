package io.pfagent.account;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Neighbours in the same slots come and go while others are looked up. */
class RegionTableRaceTest {

  private static final int WRITERS = 4;
  private static final int ROUNDS = 50_000;
  private static final long BASE = 0x7f00_0000_0000L;
  private static final long SIZE = 70_000;

  private final RegionTable table = new RegionTable();
  private final AtomicBoolean done = new AtomicBoolean();

  @Test
  void neitherLosesNorInventsARegionWhileNeighboursChange() throws Exception {
    List<Region> steady = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      Region region = region(i, BASE + (2L * i + 1) * SIZE);
      table.add(region);
      steady.add(region);
    }
    ExecutorService threads = Executors.newFixedThreadPool(WRITERS + 1);
    try {
      Future<Long> missed = threads.submit(reader(steady));
      List<Future<Integer>> writers = new ArrayList<>();
      for (int w = 0; w < WRITERS; w++) {
        writers.add(threads.submit(writer(w)));
      }
      for (Future<Integer> writer : writers) {
        assertThat(writer.get()).isZero();
      }
      done.set(true);
      assertThat(missed.get()).isZero();
    } finally {
      threads.shutdownNow();
    }
    assertThat(table.regionCount()).isEqualTo(steady.size());
  }

  private Callable<Long> reader(List<Region> steady) {
    return () -> {
      long missed = 0;
      while (!done.get()) {
        for (Region region : steady) {
          if (table.find(region.address()) != region || table.find(region.end() - 1) != region) {
            missed++;
          }
        }
      }
      return missed;
    };
  }

  private Callable<Integer> writer(int number) {
    return () -> {
      int wrong = 0;
      for (int i = 0; i < ROUNDS; i++) {
        long address = BASE + 2L * (number + (long) WRITERS * (i % 25)) * SIZE;
        Region region = region(1000 + i, address);
        table.add(region);
        if (table.find(address + SIZE / 2) != region || table.remove(address) != region) {
          wrong++;
        }
        if (table.find(address) != null) {
          wrong++;
        }
      }
      return wrong;
    };
  }

  private static Region region(long id, long address) {
    return new Region(id, RegionKind.UNSAFE, address, address, SIZE, null, 0);
  }
}
