package io.pfagent.sample;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RestControlTest {

  private static final long TICK_NANOS = 100_000_000;

  /** Faults of a tick in which one processor does nothing else. */
  private static final long HEAVY = 70_000;

  /** Five milliseconds more than what may be spent at once. */
  private static final long TOO_MANY = 550_000;

  private static final long NANOS_PER_SAMPLE = 1_000;

  private final RestControl control = new RestControl();

  @Test
  void aBurstIsCountedInFull() {
    assertThat(counted(500_000)).isFalse();
    assertThat(counted(0)).isFalse();
  }

  @Test
  void whereFaultsGoOnItTakesOnePercent() {
    int counted = 0;
    boolean isResting = false;
    for (int tick = 0; tick < 1_000; tick++) {
      if (isResting) {
        isResting = !control.rested(tick(HEAVY, 0));
      } else {
        counted++;
        isResting = counted(HEAVY);
      }
    }

    long cost = counted * HEAVY * RestControl.NANOS_PER_FAULT;
    assertThat(cost)
        .isBetween(1_000 * TICK_NANOS / 100 * 9 / 10, 1_000 * TICK_NANOS / 100 * 11 / 10);
  }

  @Test
  void whatFewFaultsCostIsNeverTooMuch() {
    for (int tick = 0; tick < 1_000; tick++) {
      assertThat(counted(9_000)).isFalse();
    }
  }

  @Test
  void manyProcessorsMayCostMore() {
    Tick tick = new Tick(TICK_NANOS, 10 * 9_000, 10 * TICK_NANOS, 0, false);
    for (int i = 0; i < 1_000; i++) {
      assertThat(control.counted(tick, NANOS_PER_SAMPLE)).isFalse();
    }
  }

  @Test
  void samplesCostToo() {
    Tick tick = tick(0, 2 * RestControl.MOST_SAVED_NANOS / NANOS_PER_SAMPLE);

    assertThat(control.counted(tick, NANOS_PER_SAMPLE)).isTrue();
  }

  @Test
  void aRestIsOverOnceFaultsAreFew() {
    assertThat(counted(TOO_MANY)).isTrue();
    int ticks = 1;
    while (!control.rested(tick(0, 0))) {
      ticks++;
    }

    // Each earns one.
    assertThat(ticks).isEqualTo(5);
  }

  @Test
  void theChangeItselfIsPaidFor() {
    assertThat(counted(TOO_MANY)).isTrue();
    control.spend(1_000 * TICK_NANOS);

    for (int tick = 0; tick < 1_000; tick++) {
      assertThat(control.rested(tick(0, 0))).isFalse();
    }
  }

  private boolean counted(long faults) {
    return control.counted(tick(faults, 0), NANOS_PER_SAMPLE);
  }

  private static Tick tick(long faults, long samples) {
    return new Tick(TICK_NANOS, faults, TICK_NANOS, samples, false);
  }
}
