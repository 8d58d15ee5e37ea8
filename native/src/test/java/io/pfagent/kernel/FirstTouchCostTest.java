package io.pfagent.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Test;

class FirstTouchCostTest {

  @Test
  void aLargePageCostsMoreThanOnePageAndLessThanAllOfThem() {
    HugePageSizes sizes = HugePageSizes.read();
    assumeTrue(
        sizes.largestBytes() > 0 && sizes.reachesAdvised(sizes.largestBytes()),
        "skipped: advised memory gets no large pages here");
    int pages = (int) (sizes.largestBytes() / sizes.pageBytes());

    FirstTouchCost cost = FirstTouchCost.measure(pages).orElseThrow();

    assertThat(cost.baseFaultNanos()).isPositive();
    assertThat(cost.largeFaultNanos())
        .isGreaterThan(cost.baseFaultNanos())
        .isLessThan(pages * cost.baseFaultNanos());
  }

  /** No kernel has pages of two base pages for anonymous memory. */
  @Test
  void whatTheKernelDoesNotGiveHasNoCost() {
    assertThat(FirstTouchCost.measure(2))
        .hasValueSatisfying(
            cost -> {
              assertThat(cost.baseFaultNanos()).isPositive();
              assertThat(cost.largeFaultNanos()).isZero();
            });
  }
}
