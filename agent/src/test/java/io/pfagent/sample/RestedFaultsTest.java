package io.pfagent.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class RestedFaultsTest {

  private final RestedFaults faults = new RestedFaults();

  @Test
  void withoutARestASampleStandsForItsPeriod() {
    faults.told(0);
    faults.counted(5_000);

    assertThat(faults.scale()).isEqualTo(1);
  }

  @Test
  void aTickLikeThoseOfTheRestTellsAllOfIt() {
    rest(9, 1_000);

    assertThat(faults.scale()).isEqualTo(10);
    assertThat(faults.pending()).isEqualTo(9_000);
    faults.told(9_000);
    assertThat(faults.scale()).isEqualTo(1);
  }

  @Test
  void whatIsLeftIsToldLater() {
    rest(9, 1_000);
    faults.told(9 * 500);
    faults.counted(500);

    assertThat(faults.pending()).isEqualTo(4_500);
    assertThat(faults.scale()).isCloseTo(1 + 4_500 / 500.0, within(0.001));
  }

  @Test
  void aProgramThatDoesSomethingElseByNowDoesNotTellOfTheRest() {
    for (int tick = 0; tick < 9; tick++) {
      faults.rested(1_000);
    }
    faults.rested(10);
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
      faults.rested(faultsPerTick);
    }
    faults.goOn();
  }
}
