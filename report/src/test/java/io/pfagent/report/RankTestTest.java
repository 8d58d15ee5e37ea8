package io.pfagent.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class RankTestTest {

  @Test
  void fiveAgainstFiveDifferIfAllOfOneSideAreLarger() {
    double[] low = {1, 2, 3, 4, 5};
    double[] high = {6, 7, 8, 9, 1_000};
    // 25 pairs, 12.5 expected, standard deviation sqrt(5 * 5 * 11 / 12).
    assertThat(RankTest.deviations(high, low)).isCloseTo(2.611, within(0.001));
    assertThat(RankTest.deviations(low, high)).isCloseTo(-2.611, within(0.001));
    assertThat(RankTest.differ(low, high)).isTrue();
    assertThat(RankTest.differ(low, new double[] {5.5, 4.5, 7, 8, 9})).isFalse();
  }

  @Test
  void equalValuesCountHalf() {
    double[] same = {3, 3, 3, 3, 3, 3};
    assertThat(RankTest.deviations(same, same)).isZero();
    assertThat(RankTest.deviations(new double[] {1, 2}, new double[] {2, 3}))
        .isCloseTo((0.5 - 2) / Math.sqrt(2 * 2 * 5 / 12.0), within(0.001));
  }

  @Test
  void emptySidesDoNotDiffer() {
    assertThat(RankTest.differ(new double[0], new double[] {1, 2, 3})).isFalse();
  }

  /** What the threshold promises: noise passes for a difference in about one case of a hundred. */
  @Test
  void noiseSeldomPassesForADifference() {
    SplittableRandom random = new SplittableRandom(1);
    int differences = 0;
    for (int i = 0; i < 10_000; i++) {
      differences += RankTest.differ(noise(random), noise(random)) ? 1 : 0;
    }
    assertThat(differences).isBetween(20, 150);
  }

  private static double[] noise(SplittableRandom random) {
    return random.doubles(12).map(value -> -Math.log(value)).toArray();
  }
}
