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
        rest = rested(rest, tick(HEAVY, 0));
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
    Tick tick = new Tick(TICK_NANOS, 10 * 9_000, 0, 0, 10 * TICK_NANOS, 0, 0, false);
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
    control.spendOnRest(3_000_000);

    // To go on takes as much again. Each tick earns one.
    assertThat(ticksUntilItGoesOn(Rest.MINOR, tick(0, 0))).isEqualTo(5 + 3 + 3);
    control.spendOnGoingOn(4_000_000);
    assertThat(counted(400_000)).isEqualTo(Rest.MINOR);
    control.spendOnRest(2_000_000);

    // One was missing before that tick, which took forty; now it takes two and four.
    assertThat(ticksUntilItGoesOn(Rest.MINOR, tick(0, 0))).isEqualTo(1 + 39 + 2 + 4);
  }

  @Test
  void whereFaultsGoOnTheCountingGetsAsMuchAsTheChanges() {
    assertThat(counted(TOO_MANY)).isEqualTo(Rest.MINOR);
    control.spendOnRest(10_000_000);

    assertThat(ticksUntilItGoesOn(Rest.MINOR, tick(HEAVY, 0))).isEqualTo(5 + 10 + 10 + 20);
    control.spendOnGoingOn(10_000_000);
    int counted = 1;
    while (counted(HEAVY) == Rest.NONE) {
      counted++;
    }
    // Each tick takes seven, and earns one.
    assertThat(counted).isEqualTo(4);
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
        rest = rested(rest, switches(MANY_SWITCHES));
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
    assertThat(rested(rest, tick)).isEqualTo(Rest.MINOR);
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
    assertThat(counted(545_000)).isEqualTo(Rest.MINOR);

    Tick tick = switches(500_000 / nanosPerSwitch(SIDES));
    assertThat(ticksUntilItGoesOn(Rest.ALL, tick)).isEqualTo(6);
  }

  @Test
  void majorFaultsHaveAllRestWhereTheirSamplesCostTooMuch() {
    Tick tick = majorFaults(100_000, 100_000);
    assertThat(counted(tick)).isEqualTo(Rest.ALL);

    // A hundred million are missing; each tick earns one, and the next one would take fifty at
    // most.
    Tick few = majorFaults(1_000, 0);
    assertThat(ticksUntilItGoesOn(Rest.ALL, few)).isEqualTo(50 + 1);
    assertThat(counted(majorFaults(900, 900))).isEqualTo(Rest.NONE);
  }

  @Test
  void inARestOfMinorFaultsSamplesOfMajorOnesCost() {
    assertThat(counted(TOO_MANY)).isEqualTo(Rest.MINOR);

    // Half of what a tick earns; five million are missing, and half a one for the next tick.
    assertThat(ticksUntilItGoesOn(Rest.MINOR, majorFaults(500, 500))).isEqualTo(11);
    assertThat(counted(TOO_MANY)).isEqualTo(Rest.MINOR);
    assertThat(rested(Rest.MINOR, majorFaults(1_100, 1_100))).isEqualTo(Rest.ALL);
  }

  @Test
  void switchesHaveAllRestOnceMinorFaultsDo() {
    assertThat(counted(TOO_MANY)).isEqualTo(Rest.MINOR);

    assertThat(rested(Rest.MINOR, switches(MANY_SWITCHES))).isEqualTo(Rest.ALL);
    assertThat(rested(Rest.ALL, switches(MANY_SWITCHES))).isEqualTo(Rest.ALL);
  }

  @Test
  void whatIsSavedIsSpentBeforeAllRests() {
    Tick dear = switches(MANY_SWITCHES);
    // More than is saved, so nothing goes on.
    Tick faults = new Tick(10 * TICK_NANOS, 1_000_000, 0, 0, 0, 0, 0, false);
    assertThat(counted(500_001)).isEqualTo(Rest.MINOR);

    assertThat(rested(Rest.MINOR, faults)).isEqualTo(Rest.MINOR);
    Tick few = new Tick(TICK_NANOS, 1_000_000, 0, 1_500, 0, 0, 0, false);
    assertThat(few.switches() * nanosPerSwitch(SIDES)).isGreaterThan(1_000_000);
    assertThat(rested(Rest.MINOR, few)).isEqualTo(Rest.MINOR);
    assertThat(rested(Rest.MINOR, dear)).isEqualTo(Rest.ALL);
  }

  private int ticksUntilItGoesOn(Rest rest, Tick tick) {
    int ticks = 1;
    while (ticks < 1_000 && rested(rest, tick) == rest) {
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

  private Rest rested(Rest rest, Tick tick) {
    return control.rested(rest, tick, SIDES, NANOS_PER_SAMPLE);
  }

  private static long nanosPerSwitch(int events) {
    return RestControl.NANOS_PER_SWITCH + events * RestControl.NANOS_PER_SWITCHED_EVENT;
  }

  private static Tick switches(long switches) {
    return new Tick(TICK_NANOS, 0, 0, switches, TICK_NANOS, 0, 0, false);
  }

  private static Tick majorFaults(long faults, long samples) {
    return new Tick(TICK_NANOS, 0, faults, 0, TICK_NANOS, 0, samples, false);
  }

  private static Tick tick(long faults, long samples) {
    return new Tick(TICK_NANOS, faults, 0, 0, TICK_NANOS, samples, 0, false);
  }
}
