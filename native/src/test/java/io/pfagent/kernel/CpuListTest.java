package io.pfagent.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import org.junit.jupiter.api.Test;

final class CpuListTest {

  @Test
  void readsRangesAndSingleProcessors() {
    assertThat(CpuList.parse("0-2,5,8-9").stream()).containsExactly(0, 1, 2, 5, 8, 9);
    assertThat(CpuList.parse("7").stream()).containsExactly(7);
  }

  @Test
  void passesOverWhatIsNoList() {
    assertThat(CpuList.parse("")).isEqualTo(new BitSet());
    assertThat(CpuList.parse("all,3").stream()).containsExactly(3);
    assertThat(CpuList.parse("4-2").stream()).containsExactly(4);
  }

  @Test
  void findsTheAllowedOnesInTheStatusOfAProcess() {
    String status = "Name:\tjava\nCpus_allowed:\t3\nCpus_allowed_list:\t0-1\nMems_allowed:\t1\n";

    assertThat(CpuList.allowed(status).orElseThrow().stream()).containsExactly(0, 1);
    assertThat(CpuList.allowed("Name:\tjava\n")).isEmpty();
  }
}
