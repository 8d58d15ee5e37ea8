package io.pfagent.kernel;

import static org.assertj.core.api.Assertions.assertThat;

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
}
