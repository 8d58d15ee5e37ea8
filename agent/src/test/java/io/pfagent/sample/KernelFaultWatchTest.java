package io.pfagent.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class KernelFaultWatchTest {

  private static final int PERIOD = 101;

  private final KernelFaultWatch watch = new KernelFaultWatch();
  private long all = 50_000;
  private long sampled = 7_000;
  private long millis;

  @BeforeEach
  void begin() {
    watch.begin(all, sampled, nanos());
  }

  @Test
  void whatHappenedBeforeDoesNotCount() {
    assertThat(after(100, 0, 0)).isFalse();
  }

  @Test
  void aReadIntoFreshMemoryShowsAtOnce() {
    assertThat(after(100, 16_384, 0)).isTrue();
  }

  @Test
  void manySmallReadsShowWithinASecond() {
    boolean areMany = false;
    for (int tick = 0; tick < 10; tick++) {
      areMany = after(100, 800, 0);
    }
    assertThat(areMany).isTrue();
  }

  @Test
  void aFewMakeNoDifferenceHoweverLongItTakes() {
    for (int tick = 0; tick < 1_000; tick++) {
      assertThat(after(100, 100, 0)).isFalse();
    }
  }

  @Test
  void faultsOfTheProgramAreNotTakenForThem() {
    for (int tick = 0; tick < 100; tick++) {
      // What is sampled comes in steps, and lags behind.
      assertThat(after(100, 100_000, 100_000 - (tick == 0 ? 40 * PERIOD : 0))).isFalse();
    }
  }

  @Test
  void aShareOfTheFaultsOfTheProgramShows() {
    assertThat(after(100, 112_000, 100_000)).isTrue();
  }

  @Test
  void theyStayForAMinute() {
    after(100, 16_384, 0);

    assertThat(after(59_000, 0, 0)).isTrue();
    assertThat(after(2_000, 0, 0)).isFalse();
    assertThat(after(100, 16_384, 0)).isTrue();
  }

  @Test
  void asLongAsThereAreManyTheyStay() {
    for (int round = 0; round < 10; round++) {
      assertThat(after(50_000, 16_384, 0)).isTrue();
    }
  }

  private boolean after(long moreMillis, long more, long moreSampled) {
    millis += moreMillis;
    all += more;
    sampled += moreSampled;
    return watch.areMany(all, sampled, PERIOD, nanos());
  }

  private long nanos() {
    return TimeUnit.MILLISECONDS.toNanos(millis);
  }
}
