package io.pfagent.sample;

import static org.assertj.core.api.Assertions.assertThat;

import io.pfagent.account.RegionKind;
import io.pfagent.kernel.FaultCounts;
import org.junit.jupiter.api.Test;

class FaultTotalsTest {

  private final FaultTotals totals = new FaultTotals();

  @Test
  void samplesOfEachClassShareWhatWasCountedOfIt() {
    totals.add(fault(RegionKind.MALLOC, false, false, 100));
    totals.add(fault(RegionKind.JAVA_HEAP, false, false, 300));
    totals.add(fault(RegionKind.MAPPED_FILE, true, false, 1));

    FaultCounts counted = new FaultCounts(800, 90_000);
    assertThat(totals.userFaults(RegionKind.MALLOC, counted)).isEqualTo(200);
    assertThat(totals.userFaults(RegionKind.JAVA_HEAP, counted)).isEqualTo(600);
    assertThat(totals.userFaults(RegionKind.MAPPED_FILE, counted)).isEqualTo(90_000);
  }

  @Test
  void whereNothingWasCountedASampleStandsForItsWeight() {
    totals.add(fault(RegionKind.MALLOC, false, false, 100));

    assertThat(totals.userFaults(RegionKind.MALLOC, FaultCounts.UNKNOWN)).isEqualTo(100);
    assertThat(totals.userFaults(RegionKind.ARENA, FaultCounts.UNKNOWN)).isZero();
  }

  @Test
  void faultsOfTheKernelStandForThemselves() {
    totals.add(fault(RegionKind.MAPPED_FILE, false, true, 10));
    totals.add(fault(RegionKind.MAPPED_FILE, true, true, 1));

    assertThat(totals.kernelFaults(RegionKind.MAPPED_FILE)).isEqualTo(11);
    assertThat(totals.userFaults(RegionKind.MAPPED_FILE, new FaultCounts(50, 50))).isZero();
    assertThat(totals.samples()).isEqualTo(2);
    assertThat(totals.majorSamples()).isEqualTo(1);
  }

  private static ResolvedFault fault(
      RegionKind kind, boolean isMajor, boolean inKernel, long weight) {
    return new ResolvedFault(
        0, null, 0, kind, 0, -1, isMajor, inKernel, weight, CaughtStack.Unknown.INSTANCE);
  }
}
