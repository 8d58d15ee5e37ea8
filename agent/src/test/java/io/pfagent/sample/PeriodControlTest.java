package io.pfagent.sample;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PeriodControlTest {

  private static final long SECOND = 1_000_000_000;
  private static final int MANY = 1_000_000;

  private final PeriodControl control = new PeriodControl(5_000, MANY, PeriodControl.FIRST_PERIOD);

  @Test
  void samplesThatCostTooMuchGrowRare() {
    // 10 ms of a second, twice of what they may cost; a third is less.
    assertThat(control.next(samples(2_000))).isEqualTo(307);
  }

  @Test
  void samplesThatCostLittleGrowFrequentAfterAWhile() {
    for (int tick = 1; tick < 30; tick++) {
      assertThat(control.next(samples(1))).isEqualTo(101);
    }
    assertThat(control.next(samples(1))).isEqualTo(31);
  }

  @Test
  void samplesOfMajorFaultsNoPeriodMakesRare() {
    for (int tick = 1; tick < 30; tick++) {
      assertThat(control.next(majorSamples(2_000))).isEqualTo(101);
    }
    assertThat(control.next(majorSamples(2_000))).isEqualTo(31);
  }

  @Test
  void aLostSampleMakesThemRare() {
    assertThat(control.next(lost())).isEqualTo(307);
  }

  @Test
  void aRingThatHoldsFewSetsTheLeast() {
    PeriodControl small = new PeriodControl(5_000, 30, 1);

    assertThat(small.period()).isEqualTo(1009);
    small.suitRests();
    assertThat(small.period()).isEqualTo(1009);
  }

  @Test
  void besideRestsASampleCostsHalfAsMuchAsItsFaults() {
    control.next(samples(200_000));
    assertThat(control.period()).isGreaterThan(1_000);

    control.suitRests();

    assertThat(control.period()).isEqualTo(101);
  }

  @Test
  void besideRestsWhatWasLostIsNotTriedAgain() {
    control.next(lost());
    control.suitRests();

    assertThat(control.period()).isEqualTo(307);
  }

  private static Tick samples(long samples) {
    return new Tick(SECOND / 10, samples * 100, 0, 0, SECOND, samples, 0, false);
  }

  private static Tick majorSamples(long samples) {
    return new Tick(SECOND / 10, 0, samples, samples, SECOND, 0, samples, false);
  }

  private static Tick lost() {
    return new Tick(SECOND / 10, 100, 0, 0, SECOND, 1, 0, true);
  }
}
