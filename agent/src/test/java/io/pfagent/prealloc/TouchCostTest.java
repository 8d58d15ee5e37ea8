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

  /** Who writes zeros does so before a step and after it. */
  @Test
  void zerosMakeTheOthersDearerBeforeAStepToo() {
    Before before = before(400, 1, 0.5);

    assertThat(before.faultsPerPage()).isEqualTo(1);
    assertThat(cost.perUsedPage(before.use(), 1)).isCloseTo(2000, within(1.0));
    Before allZero = before(400, 1, 1);
    assertThat(allZero.faultsPerPage()).isEqualTo(1);
    assertThat(cost.perUsedPage(allZero.use(), 1)).isCloseTo(512_000, within(FEW));
  }

  /** So many samples, each for ten faults, over pages that each took so many. */
  private static Before before(int samples, double faultsPerPage) {
    return before(samples, faultsPerPage, 0);
  }

  private static Before before(int samples, double faultsPerPage, double unusedShare) {
    Region region = new Region(1, RegionKind.UNSAFE, PAGE, PAGE, 1 << 30, null, 0);
    long last = 0;
    for (int i = 0; i < samples; i++) {
      last = Math.round(i * 10 / faultsPerPage) * PAGE;
      region.observe(PAGE + last, 0, 10);
    }
    return Before.of(region, PAGE, resident(unusedShare));
  }

  private static PageView resident(double unusedShare) {
    return new PageView() {
      @Override
      public Residency residency(long address, long bytes) {
        return new Residency(bytes, 0);
      }

      @Override
      public long unusedBytes(long address, long bytes) {
        return Math.round(unusedShare * bytes);
      }
    };
  }

  private static PageUse use(long pages, long hugePages, long unusedPages) {
    return new PageUse(pages * PAGE, hugePages * PAGE, unusedPages * PAGE);
  }
}
