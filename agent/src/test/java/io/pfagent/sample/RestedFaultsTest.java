package io.pfagent.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class RestedFaultsTest {

  private final RestedFaults faults = new RestedFaults();

  @Test
  void withoutARestASampleStandsForItsPeriod() {
    faults.told(5_000);
    faults.counted(tick(5_000));

    assertThat(faults.scale()).isEqualTo(1);
  }

  @Test
  void aTickLikeThoseOfTheRestTellsAllOfIt() {
    rest(9, 1_000);

    assertThat(faults.scale()).isEqualTo(10);
    faults.told(10 * 1_000);
    assertThat(faults.scale()).isEqualTo(1);
  }

  @Test
  void moreFaultsThanExpectedAreNotToldTwice() {
    rest(9, 1_000);
    for (int reading = 0; reading < 20; reading++) {
      faults.told(Math.round(faults.scale() * 200));
    }
    rest(9, 1_000);

    // What was told too much, of one reading at the most, is left out now.
    assertThat(faults.scale()).isBetween(8.0, 10.0);
  }

  @Test
  void whatIsLeftIsToldLater() {
    rest(9, 1_000);
    faults.told(10 * 500);
    faults.counted(tick(500));

    assertThat(faults.scale()).isCloseTo(1 + 4_500 / 500.0, within(0.001));
  }

  @Test
  void aProgramThatDoesSomethingElseByNowDoesNotTellOfTheRest() {
    for (int tick = 0; tick < 9; tick++) {
      faults.rested(tick(1_000));
    }
    faults.rested(tick(10));
    faults.goOn();

    assertThat(faults.scale()).isEqualTo(1);
  }

  @Test
  void noFaultsAtAllAreNoDivision() {
    rest(3, 0);

    assertThat(faults.scale()).isEqualTo(1);
  }

  private void rest(int ticks, long faultsPerTick) {
    for (int tick = 0; tick < ticks; tick++) {
      faults.rested(tick(faultsPerTick));
    }
    faults.goOn();
  }

  private static Tick tick(long faults) {
    return new Tick(100_000_000, faults, 100_000_000, 0, false);
  }
}
