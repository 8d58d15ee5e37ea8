package io.pfagent.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
final class FaultCostTest {

  @Test
  void aFaultCostsSomething() {
    Cost cost = FaultCost.anonymousMinorFault().orElseThrow();

    assertThat(cost.operation()).isEqualTo("anonymous-minor-fault");
    assertThat(cost.pattern()).isEqualTo("sequential");
    assertThat(cost.pages()).isEqualTo(256);
    assertThat(cost.costNanos()).isPositive();
    assertThat(cost.samples()).isBetween(3L, 7L);
  }

  @Test
  void eachSampleTakesFreshPages() {
    Rusage rusage = new Rusage();
    assertThat(rusage.readThread()).isTrue();
    long before = rusage.minorFaults();

    Cost cost = FaultCost.anonymousMinorFault().orElseThrow();

    assertThat(rusage.readThread()).isTrue();
    assertThat(rusage.minorFaults() - before)
        .isBetween(cost.samples() * cost.pages(), cost.samples() * cost.pages() + 200);
  }

  @Test
  void givesTheMemoryBack() {
    long beforeKilobytes = dataKilobytes();
    for (int i = 0; i < 30; i++) {
      assertThat(FaultCost.anonymousMinorFault()).isPresent();
    }

    long sampleKilobytes = 256 * LibC.pageSize() / 1024;
    assertThat(dataKilobytes() - beforeKilobytes).isLessThan(30 * 3 * sampleKilobytes / 2);
  }

  private static long dataKilobytes() {
    String status = SmallFile.read(Path.of("/proc/self/status")).orElseThrow();
    return AsciiText.valueOf(Ascii.bytes(status), "VmData:");
  }
}
