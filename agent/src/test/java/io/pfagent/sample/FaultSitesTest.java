package io.pfagent.sample;

import static org.assertj.core.api.Assertions.assertThat;

import io.pfagent.account.RegionKind;
import io.pfagent.kernel.NativeSymbols;
import org.junit.jupiter.api.Test;

class FaultSitesTest {

  private final FaultSites sites = new FaultSites(null);
  private final SampledStack stack = new SampledStack();

  @Test
  void addsUpByFunctionAndKindHoweverTheyAlternate() {
    add("memset", RegionKind.MALLOC, 100, false);
    add("memset", RegionKind.MALLOC, 100, false);
    add("memset", RegionKind.UNSAFE, 10, false);
    add("memcpy", RegionKind.MALLOC, 1, true);
    add("memset", RegionKind.MALLOC, 100, false);

    assertThat(sites.hottest(10))
        .extracting(site -> site.kind() + " " + site.faults() + " " + site.majorFaults())
        .containsExactly("MALLOC 300 0", "UNSAFE 10 0", "MALLOC 1 1");
    assertThat(sites.hottest(1).get(0).method()).isEqualTo("libc.so.6.memset");
  }

  @Test
  void forgetsTheColderHalfWhenThereAreTooMany() {
    for (int i = 0; i < 10_000; i++) {
      add("function" + i, RegionKind.MALLOC, i + 1, false);
    }
    add("function0", RegionKind.MALLOC, 1, false);

    assertThat(sites.hottest(20_000)).hasSize(5_001);
    assertThat(sites.hottest(1).get(0).faults()).isEqualTo(10_000);
  }

  private void add(String function, RegionKind kind, long weight, boolean isMajor) {
    stack.clear();
    stack.setNativeTop(new NativeSymbols.Symbol("libc.so.6", function));
    sites.add(
        new ResolvedFault(
            0, null, 0, kind, 0, -1, isMajor, false, weight, CaughtStack.Unknown.INSTANCE),
        stack);
  }
}
