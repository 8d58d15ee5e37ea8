package io.pfagent.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class UnitsTest {

  @ParameterizedTest
  @CsvSource({
    "-1, -",
    "0, 0 B",
    "1023, 1023 B",
    "1024, 1.0 kB",
    "67108864, 64.0 MB",
    "1073741823, 1.0 GB",
    "9223372036854775807, 8.0 EB"
  })
  void bytes(long bytes, String text) {
    assertThat(Units.bytes(bytes)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "-1, -",
    "0, 0 ns",
    "999, 999 ns",
    "1000, 1.0 us",
    "999949, 999.9 us",
    "999950, 1.0 ms",
    "12345678, 12.3 ms",
    "59949999999, 59.9 s",
    "59950000000, 1.0 min",
    "3597000000000, 1.0 h"
  })
  void times(long nanos, String text) {
    assertThat(Units.time(nanos)).isEqualTo(text);
  }

  @Test
  void estimateIsUnknownIfFaultsHaveNoCost() {
    assertThat(Units.estimate(0, 3)).isEqualTo("-");
    assertThat(Units.estimate(0, 0)).isEqualTo("0 ns");
    assertThat(Units.estimate(1_500, 3)).isEqualTo("1.5 us");
  }

  @Test
  void percentNeedsBothSides() {
    assertThat(Units.percent(1, 8)).isEqualTo("12.5 %");
    assertThat(Units.percent(1, 0)).isEqualTo("-");
    assertThat(Units.percent(-1, 8)).isEqualTo("-");
    assertThat(Units.percent(1, -1)).isEqualTo("-");
  }

  @Test
  void countsAndNouns() {
    assertThat(Units.count(65_537)).isEqualTo("65,537");
    assertThat(Units.count(-1)).isEqualTo("-");
    assertThat(Units.plural(1, "region")).isEqualTo("1 region");
    assertThat(Units.plural(2_000, "region")).isEqualTo("2,000 regions");
  }
}
