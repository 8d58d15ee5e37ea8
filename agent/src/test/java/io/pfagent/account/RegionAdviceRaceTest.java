package io.pfagent.account;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Memory that was given back is never advised: one frees, others advise, as fast as they can. */
class RegionAdviceRaceTest {

  private static final int ROUNDS = 20_000;
  private static final int ADVISERS = 3;

  @Test
  void aFreedRegionIsNotAdvised() {
    RegionTable table = new RegionTable();
    Region region = region(1);
    table.add(region);
    assertThat(region.beginAdvice()).isTrue();
    region.endAdvice();
    table.remove(region.base());

    assertThat(region.beginAdvice()).isFalse();
    assertThat(region.isFreed()).isTrue();
  }

  @Test
  void oneThatWasNotFreedAfterAllIsAdvisedAgain() {
    RegionAccount account = new RegionAccount();
    Region region = region(1);
    account.table().add(region);
    account.restore(account.freed(region.base()));

    assertThat(region.beginAdvice()).isTrue();
    region.endAdvice();
  }

  @Test
  void whoFreesWaitsForTheAdviceInFlight() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(ADVISERS);
    AtomicInteger advices = new AtomicInteger();
    AtomicInteger hits = new AtomicInteger();
    try {
      for (int round = 0; round < ROUNDS / 100; round++) {
        List<Memory> memories = new ArrayList<>();
        RegionTable table = new RegionTable();
        for (int i = 0; i < 100; i++) {
          Memory memory = new Memory(region(i + 1));
          memories.add(memory);
          table.add(memory.region);
        }
        List<Future<?>> advisers = new ArrayList<>();
        for (int i = 0; i < ADVISERS; i++) {
          advisers.add(
              threads.submit(() -> memories.forEach(memory -> memory.advise(advices, hits))));
        }
        for (Memory memory : memories) {
          table.remove(memory.region.base());
          memory.givenBack.set(true);
        }
        for (Future<?> adviser : advisers) {
          adviser.get();
        }
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(hits).as("advices on memory that was given back").hasValue(0);
    assertThat(advices.get()).as("advices").isPositive();
  }

  private static Region region(int number) {
    long base = (long) number << 20;
    return new Region(number, RegionKind.UNSAFE, base, base, 1 << 16, null, 0);
  }

  private static final class Memory {
    private final Region region;
    private final AtomicBoolean givenBack = new AtomicBoolean();

    Memory(Region region) {
      this.region = region;
    }

    void advise(AtomicInteger advices, AtomicInteger hits) {
      for (int i = 0; i < 10; i++) {
        if (!region.beginAdvice()) {
          return;
        }
        advices.incrementAndGet();
        if (givenBack.get()) {
          hits.incrementAndGet();
        }
        region.endAdvice();
      }
    }
  }
}
