package io.pfagent.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class AccessPatternTest {

  private static final long PAGE = 4096;
  private static final long PAGES = 10_000;

  private final AccessPattern pattern = new AccessPattern();

  @Test
  void nothingIsKnownBeforeTheFirstSample() {
    assertThat(pattern.samples()).isZero();
    assertThat(pattern.sequentialShare()).isZero();
    assertThat(pattern.denseShare()).isZero();
  }

  @Test
  void aWalkThroughAllPagesIsSequentialAndDense() {
    for (long page = 0; page < PAGES; page += 100) {
      pattern.observe(page * PAGE, page, 100);
    }
    assertThat(pattern.sequentialShare()).isEqualTo(1);
    assertThat(pattern.denseShare()).isCloseTo(1, within(0.02));
    assertThat(pattern.front()).isEqualTo((PAGES - 100) * PAGE);
    assertThat(pattern.frontNanos()).isEqualTo(PAGES - 100);
    assertThat(pattern.sampledFaults()).isEqualTo(PAGES);
  }

  @Test
  void pagesAtRandomAreNotSequential() {
    Random random = new Random(1);
    for (int i = 0; i < 100; i++) {
      pattern.observe(random.nextInt((int) PAGES) * PAGE, i, 10);
    }
    assertThat(pattern.sequentialShare()).isLessThan(0.1);
  }

  @Test
  void everyHundredthPageIsSparse() {
    for (long page = 0; page < PAGES; page += 100) {
      pattern.observe(page * PAGE, page, 1);
    }
    assertThat(pattern.sequentialShare()).isZero();
    assertThat(pattern.denseShare()).isLessThan(0.02);
  }

  @Test
  void backwardsIsNotSequential() {
    for (long page = 100; page > 0; page--) {
      pattern.observe(page * PAGE, 0, 1);
    }
    assertThat(pattern.sequentialShare()).isZero();
    assertThat(pattern.denseShare()).isEqualTo(1);
  }

  @Test
  void aRegionKeepsItsPatternByOffset() {
    Region region = new Region(1, RegionKind.UNSAFE, 1 << 20, (1 << 20) + 16, 1 << 20, null, 0);
    assertThat(region.pattern()).isNull();

    region.observe((1 << 20) + 16 + 5 * PAGE, 7, 1);

    assertThat(region.pattern().front()).isEqualTo(5 * PAGE);
  }

  @Test
  void faultsOfAPartAreCountedFromAMomentOn() {
    pattern.observe(10 * PAGE, 0, 100);
    AccessPattern.Part part = pattern.watch(10 * PAGE, 20 * PAGE);

    pattern.observe(10 * PAGE - 1, 0, 100);
    pattern.observe(10 * PAGE, 0, 10);
    pattern.observe(20 * PAGE - 1, 0, 5);
    pattern.observe(20 * PAGE, 0, 100);

    assertThat(part.faults()).isEqualTo(15);
    assertThat(pattern.lowest()).isEqualTo(10 * PAGE - 1);
    assertThat(pattern.highest()).isEqualTo(20 * PAGE);
  }

  @Test
  void aRegionThatIsWatchedBeforeItsFirstFaultCountsIt() {
    Region region = new Region(1, RegionKind.UNSAFE, PAGE, PAGE, PAGES * PAGE, null, 0);
    AccessPattern.Part part = region.watch(0, PAGE);
    assertThat(region.pattern().samples()).isZero();
    assertThat(region.pattern().lowest()).isZero();
    assertThat(region.pattern().highest()).isZero();

    region.observe(PAGE, 0, 7);

    assertThat(part.faults()).isEqualTo(7);
    assertThat(region.pattern().samples()).isEqualTo(1);
  }
}
