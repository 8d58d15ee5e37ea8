package io.pfagent.sample;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RestControlTest {

  private static final long TICK_NANOS = 100_000_000;

  /** Faults of a tick in which one processor does nothing else. */
  private static final long HEAVY = 70_000;

  /** Five milliseconds more than what may be spent at once. */
  private static final long TOO_MANY = 550_000;

  /** Switches of a tick in which two threads on one processor do little else. */
  private static final long MANY_SWITCHES = 20_000;

  private static final int SIDES = 2;

  private static final long NANOS_PER_SAMPLE = 1_000;

  private final RestControl control = new RestControl();

  @Test
  void aBurstIsCountedInFull() {
    assertThat(counted(500_000)).isEqualTo(Rest.NONE);
    assertThat(counted(0)).isEqualTo(Rest.NONE);
  }

  @Test
  void whereFaultsGoOnItTakesOnePercent() {
    int counted = 0;
    Rest rest = Rest.NONE;
    for (int tick = 0; tick < 1_000; tick++) {
      if (rest == Rest.NONE) {
        counted++;
        rest = counted(HEAVY);
      } else {
        assertThat(rest).isEqualTo(Rest.MINOR);
        rest = control.rested(rest, tick(HEAVY, 0), SIDES);
      }
    }

    long cost = counted * HEAVY * RestControl.NANOS_PER_FAULT;
    assertThat(cost)
        .isBetween(1_000 * TICK_NANOS / 100 * 9 / 10, 1_000 * TICK_NANOS / 100 * 11 / 10);
  }

  @Test
  void whatFewFaultsCostIsNeverTooMuch() {
    for (int tick = 0; tick < 1_000; tick++) {
      assertThat(counted(9_000)).isEqualTo(Rest.NONE);
    }
  }

  @Test
  void manyProcessorsMayCostMore() {
    Tick tick = new Tick(TICK_NANOS, 10 * 9_000, 0, 10 * TICK_NANOS, 0, false);
    for (int i = 0; i < 1_000; i++) {
      assertThat(control.counted(tick, SIDES, NANOS_PER_SAMPLE)).isEqualTo(Rest.NONE);
    }
  }

  @Test
  void samplesCostToo() {
    Tick tick = tick(0, 2 * RestControl.MOST_SAVED_NANOS / NANOS_PER_SAMPLE);

    assertThat(control.counted(tick, SIDES, NANOS_PER_SAMPLE)).isEqualTo(Rest.MINOR);
  }

  @Test
  void aRestIsOverOnceFaultsAreFew() {
    assertThat(counted(TOO_MANY)).isEqualTo(Rest.MINOR);

    // Each tick earns one.
    assertThat(ticksUntilItGoesOn(Rest.MINOR, tick(0, 0))).isEqualTo(5);
  }

  @Test
  void theChangeItselfIsPaidFor() {
    assertThat(counted(TOO_MANY)).isEqualTo(Rest.MINOR);
    control.spend(1_000 * TICK_NANOS);

    for (int tick = 0; tick < 1_000; tick++) {
      assertThat(control.rested(Rest.MINOR, tick(0, 0), SIDES)).isEqualTo(Rest.MINOR);
    }
  }

  @Test
  void fewSwitchesAreNeverTooMuch() {
    // A tick earns a million nanoseconds.
    Tick tick = switches(1_000_000 / nanosPerSwitch(2 * SIDES));
    for (int i = 0; i < 1_000; i++) {
      assertThat(counted(tick)).isEqualTo(Rest.NONE);
    }
  }

  @Test
  void switchesAloneHaveAllRestAtOnce() {
    Tick tick = switches(MANY_SWITCHES);
    int ticks = 1;
    while (ticks < 1_000 && counted(tick) == Rest.NONE) {
      ticks++;
    }

    long nanos = MANY_SWITCHES * nanosPerSwitch(2 * SIDES) - 1_000_000;
    assertThat(ticks).isEqualTo(Math.toIntExact(RestControl.MOST_SAVED_NANOS / nanos) + 1);
    assertThat(counted(tick)).isEqualTo(Rest.ALL);
  }

  @Test
  void whereSwitchesGoOnTheyTakeOnePercent() {
    int counted = 0;
    Rest rest = Rest.NONE;
    for (int tick = 0; tick < 1_000; tick++) {
      if (rest == Rest.NONE) {
        counted++;
        rest = counted(switches(MANY_SWITCHES));
      } else {
        assertThat(rest).isEqualTo(Rest.ALL);
        rest = control.rested(rest, switches(MANY_SWITCHES), SIDES);
      }
    }

    long cost = counted * MANY_SWITCHES * nanosPerSwitch(2 * SIDES);
    assertThat(cost)
        .isBetween(1_000 * TICK_NANOS / 100 * 9 / 10, 1_000 * TICK_NANOS / 100 * 11 / 10);
  }

  @Test
  void theFewerEventsTheLessASwitchCosts() {
    Tick tick = switches(1_000_000 / nanosPerSwitch(2));
    for (int i = 0; i < 1_000; i++) {
      assertThat(control.counted(tick, 1, NANOS_PER_SAMPLE)).isEqualTo(Rest.NONE);
    }
    int ticks = 1;
    while (ticks < 1_000 && counted(tick) == Rest.NONE) {
      ticks++;
    }
    assertThat(ticks).as("with both sides").isLessThan(1_000);
  }

  @Test
  void minorFaultsAloneRestWhereTheEventsOfMajorOnesCanBePaidFor() {
    Tick tick = switches(1_000_000 / nanosPerSwitch(SIDES));
    Rest rest = Rest.NONE;
    for (int i = 0; i < 1_000 && rest == Rest.NONE; i++) {
      rest = counted(tick);
    }

    assertThat(rest).isEqualTo(Rest.MINOR);
    assertThat(control.rested(rest, tick, SIDES)).isEqualTo(Rest.MINOR);
  }

  @Test
  void inARestOfMinorFaultsSwitchesCost() {
    assertThat(counted(TOO_MANY)).isEqualTo(Rest.MINOR);
    // Half of what a tick earns.
    Tick tick = switches(500_000 / nanosPerSwitch(SIDES));

    // Five million are missing, and almost one that a tick of counting takes.
    assertThat(ticksUntilItGoesOn(Rest.MINOR, tick)).isEqualTo(12);
  }

  @Test
  void inARestOfAllNothingCosts() {
    control.spend(RestControl.MOST_SAVED_NANOS + 4_500_000);

    Tick tick = switches(500_000 / nanosPerSwitch(SIDES));
    assertThat(ticksUntilItGoesOn(Rest.ALL, tick)).isEqualTo(6);
  }

  @Test
  void switchesHaveAllRestOnceMinorFaultsDo() {
    assertThat(counted(TOO_MANY)).isEqualTo(Rest.MINOR);

    assertThat(control.rested(Rest.MINOR, switches(MANY_SWITCHES), SIDES)).isEqualTo(Rest.ALL);
    assertThat(control.rested(Rest.ALL, switches(MANY_SWITCHES), SIDES)).isEqualTo(Rest.ALL);
  }

  @Test
  void whatIsSavedIsSpentBeforeAllRests() {
    Tick dear = switches(MANY_SWITCHES);
    // More than is saved, so nothing goes on.
    Tick faults = new Tick(10 * TICK_NANOS, 1_000_000, 0, 0, 0, false);
    control.spend(RestControl.MOST_SAVED_NANOS);

    assertThat(control.rested(Rest.MINOR, faults, SIDES)).isEqualTo(Rest.MINOR);
    Tick few = new Tick(TICK_NANOS, 1_000_000, 1_500, 0, 0, false);
    assertThat(few.switches() * nanosPerSwitch(SIDES)).isGreaterThan(1_000_000);
    assertThat(control.rested(Rest.MINOR, few, SIDES)).isEqualTo(Rest.MINOR);
    assertThat(control.rested(Rest.MINOR, dear, SIDES)).isEqualTo(Rest.ALL);
  }

  private int ticksUntilItGoesOn(Rest rest, Tick tick) {
    int ticks = 1;
    while (ticks < 1_000 && control.rested(rest, tick, SIDES) == rest) {
      ticks++;
    }
    return ticks;
  }

  private Rest counted(long faults) {
    return counted(tick(faults, 0));
  }

  private Rest counted(Tick tick) {
    return control.counted(tick, SIDES, NANOS_PER_SAMPLE);
  }

  private static long nanosPerSwitch(int events) {
    return RestControl.NANOS_PER_SWITCH + events * RestControl.NANOS_PER_SWITCHED_EVENT;
  }

  private static Tick switches(long switches) {
    return new Tick(TICK_NANOS, 0, switches, TICK_NANOS, 0, false);
  }

  private static Tick tick(long faults, long samples) {
    return new Tick(TICK_NANOS, faults, 0, TICK_NANOS, samples, false);
  }
}
