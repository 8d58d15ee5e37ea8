package io.pfagent.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class FaultAccountTest {

  private static final List<KindTotals.Row> SAMPLED =
      List.of(row("java-heap", 400), row("direct-buffer", 490));

  @Test
  void whatCameWhileNothingWasSampledIsNoGapInTheAccount() {
    FaultAccount account =
        FaultAccount.of(SAMPLED, new FaultCounters(1_993, 7, 895, 100, 1_005, 40, 0));

    assertThat(account).isEqualTo(new FaultAccount(2_000, 7, 890, 100, 1_005, 40, 5));
    assertThat(account.explained()).isEqualTo(990);
    assertThat(account.sampledFaults()).isEqualTo(995);
  }

  @Test
  void withoutTheKernelsSideNothingIsKnownOfIt() {
    FaultAccount account =
        FaultAccount.of(SAMPLED, new FaultCounters(2_000, 0, -1, -1, 1_500, -1, 0));

    assertThat(account).isEqualTo(new FaultAccount(2_000, 0, 890, -1, -1, -1, 1_110));
    assertThat(account.sampledFaults()).isEqualTo(2_000);
  }

  private static KindTotals.Row row(String kind, long faults) {
    return new KindTotals.Row(kind, faults, -1, 0, -1, -1, -1);
  }
}
