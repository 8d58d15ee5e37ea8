package io.pfagent.account;

import static org.assertj.core.api.Assertions.assertThat;

import io.pfagent.account.ProcessAccount.Split;
import org.junit.jupiter.api.Test;

class ProcessAccountTest {

  private static final long UNSAMPLED = 1010;
  private static final long RESTED = 70;

  private final RegionAccount regions = new RegionAccount();

  @Test
  void splitsWhatCameWhileSamplingAndLeavesTheRestUnattributed() {
    assertThat(split(new FaultCount(5000, 20), 3000))
        .isEqualTo(new Split(5000, 20, 3000, 1010, 1010, RESTED));
  }

  @Test
  void neverSaysThatTheKernelRaisedFewerThanNone() {
    assertThat(split(new FaultCount(2000, 10), 1003))
        .isEqualTo(new Split(2000, 10, 1003, 0, 1007, RESTED));
  }

  @Test
  void withoutPerfEventsLeavesOutWhatOperationsHaveClaimed() {
    regions.claim(new FaultCount(700, 1));

    assertThat(split(new FaultCount(5000, 20), -1))
        .isEqualTo(new Split(5000, 20, -1, -1, 4319, -1));
  }

  @Test
  void isUnknownWhereTheKernelTellsNothing() {
    assertThat(split(FaultCount.UNKNOWN, -1)).isEqualTo(new Split(-1, -1, -1, -1, -1, -1));
  }

  private Split split(FaultCount process, long user) {
    return new ProcessAccount(() -> process, new Counters(user), regions).read();
  }

  private record Counters(long userFaults) implements SideCounters {

    @Override
    public long restedFaults() {
      return RESTED;
    }

    @Override
    public long unsampledFaults() {
      return UNSAMPLED;
    }
  }
}
