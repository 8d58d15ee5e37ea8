package io.pfagent.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** First writes on this machine: how often they fault, not how long they take. */
@EnabledOnOs(OS.LINUX)
final class FirstWriteCostsTest {

  @Test
  void onePagePerFaultFaultsOncePerPage() throws IOException {
    long bytes = 4 * FirstWriteCosts.unitBytes();
    FirstWriteCosts writes = FirstWriteCosts.measure(bytes);

    assertThat(writes.costs())
        .filteredOn(cost -> cost.supply().pages() == 1)
        .extracting(FirstWriteCost::order)
        .containsExactly(PageOrder.SEQUENTIAL, PageOrder.RANDOM);
    assertThat(writes.costs())
        .allSatisfy(
            cost -> {
              assertThat(cost.pages()).isEqualTo(bytes / LibC.pageSize());
              // Large pages may be out of stock: the kernel gives smaller ones then.
              assertThat(cost.faults())
                  .isBetween(cost.pages() / cost.supply().pages(), cost.pages());
            })
        .filteredOn(cost -> cost.supply().pages() == 1)
        .allSatisfy(cost -> assertThat(cost.faults()).isEqualTo(cost.pages()));
  }

  @Test
  void sizesThatWouldEndWithinAFaultAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FirstWriteCosts.measure(FirstWriteCosts.unitBytes() + 4096));
    assertThatIllegalArgumentException().isThrownBy(() -> FirstWriteCosts.measure(0));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FirstWriteCosts.measure(FirstWriteCosts.MOST_BYTES * 2));
  }

  @Test
  void eachPageIsWrittenOnce() {
    int[] random = PageOrder.RANDOM.of(10_000);

    assertThat(random).isEqualTo(PageOrder.RANDOM.of(10_000)).isNotEqualTo(sorted(random));
    assertThat(sorted(random)).isEqualTo(PageOrder.SEQUENTIAL.of(10_000));
  }

  private static int[] sorted(int[] order) {
    int[] sorted = order.clone();
    Arrays.sort(sorted);
    return sorted;
  }
}
