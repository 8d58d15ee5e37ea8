package io.pfagent.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class RoundTimesTest {

  @Test
  void oneDisturbedRoundMovesTheMedianLittle() {
    assertThat(RoundTimes.of(900, 3, 1, 2, 4)).isEqualTo(new RoundTimes(1, 2, 3, 4, 5));
  }

  @Test
  void betweenTwoRoundsIsTheirMiddle() {
    assertThat(RoundTimes.of(4, 1, 2, 3)).isEqualTo(new RoundTimes(1, 2, 2.5, 3, 4));
    assertThat(RoundTimes.of(7)).isEqualTo(new RoundTimes(7, 7, 7, 7, 1));
  }
}
