package io.pfagent.prealloc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.pfagent.account.Region;
import io.pfagent.account.RegionKind;
import io.pfagent.kernel.Residency;
import org.junit.jupiter.api.Test;

class TouchCostTest {

  private static final long PAGE = 4096;
  private static final double FEW = 0.001;

  private final TouchCost cost = new TouchCost(1000, 51_200, 512, PAGE);

  @Test
  void aBasePageCostsItsFault() {
    assertThat(cost.perUsedPage(use(100, 0, 0), 1)).isCloseTo(1000, within(FEW));
    assertThat(cost.perUsedPage(use(100, 0, 0), 1.5)).isCloseTo(1500, within(FEW));
  }

  @Test
  void aLargePageIsSharedByThosePagesThatAreUsed() {
    assertThat(cost.perUsedPage(use(1024, 1024, 0), 1)).isCloseTo(100, within(FEW));
    assertThat(cost.perUsedPage(use(1024, 1024, 512), 1)).isCloseTo(200, within(FEW));
    assertThat(cost.perUsedPage(use(1024, 512, 0), 1)).isCloseTo(550, within(FEW));
  }

  /** An estimate may find no page in use; somebody has touched one of each. */
  @Test
  void atLeastOnePageOfEachIsUsed() {
    assertThat(cost.perUsedPage(use(1024, 1024, 1024), 1)).isCloseTo(51_200, within(FEW));
  }

  @Test
  void missingFaultsAreLargePages() {
    assertThat(cost.perUsedPage(use(5120, 0, 0), 1 / 512.0)).isCloseTo(100, within(FEW));
    assertThat(cost.perUsedPage(use(5120, 0, 0), 0)).isCloseTo(100, within(FEW));
    assertThat(cost.perUsedPage(use(5120, 0, 0), 0.5)).isBetween(500.0, 600.0);
  }

  @Test
  void beforeAStepAPageTookAFaultAtLeast() {
    assertThat(before(100, 0.7).faultsPerPage()).isEqualTo(1);
    assertThat(before(100, 1.1).faultsPerPage()).as("within the noise").isEqualTo(1);
  }

  @Test
  void beforeAStepPagesThatWereReadFirstTookTwo() {
    assertThat(before(400, 1.9).faultsPerPage()).isCloseTo(1.9, within(0.02));
    assertThat(before(400, 5).faultsPerPage()).isEqualTo(2);
  }

  /** So many samples, each for ten faults, over pages that each took so many. */
  private static Before before(int samples, double faultsPerPage) {
    Region region = new Region(1, RegionKind.UNSAFE, PAGE, PAGE, 1 << 30, null, 0);
    long last = 0;
    for (int i = 0; i < samples; i++) {
      last = Math.round(i * 10 / faultsPerPage) * PAGE;
      region.observe(PAGE + last, 0, 10);
    }
    return Before.of(region, PAGE, allResident());
  }

  private static PageView allResident() {
    return new PageView() {
      @Override
      public Residency residency(long address, long bytes) {
        return new Residency(bytes, 0);
      }

      @Override
      public long unusedBytes(long address, long bytes) {
        return 0;
      }
    };
  }

  private static PageUse use(long pages, long hugePages, long unusedPages) {
    return new PageUse(pages * PAGE, hugePages * PAGE, unusedPages * PAGE);
  }
}
