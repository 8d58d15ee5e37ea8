package io.pfagent.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pfagent.kernel.MemoryHeadroom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CalibrationSizeTest {

  private static final long UNIT = 2 << 20;

  @ParameterizedTest
  @CsvSource({
    "2097152, 2097152",
    "4096k, 4194304",
    "16m, 16777216",
    "17M, 16777216",
    "1g, 1073741824"
  })
  void sizesAreRoundedDownToWholeUnits(String text, long bytes) {
    assertThat(CalibrationSize.parse(text, UNIT)).isEqualTo(bytes);
  }

  @Test
  void theMessageNamesTheBounds() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CalibrationSize.parse("1m", UNIT))
        .withMessage("--size must be a size from 2m to 1g, as 256m, it is '1m'");
  }

  @Test
  void memoryThatOthersNeedIsLeftAlone() {
    MemoryHeadroom tight = new MemoryHeadroom(300L << 20, 1L << 30);

    CalibrationSize.checkFits(236L << 20, tight);
    assertThatThrownBy(() -> CalibrationSize.checkFits(237L << 20, tight))
        .isInstanceOf(CommandException.class)
        .hasMessage(
            "237.0 MB are more than may be used: 300.0 MB of 1.0 GB are left, and 64.0 MB stay"
                + " untouched; choose a smaller --size");
    CalibrationSize.checkFits(1L << 30, new MemoryHeadroom(Long.MAX_VALUE, Long.MAX_VALUE));
  }
}
