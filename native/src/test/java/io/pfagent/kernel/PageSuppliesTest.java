package io.pfagent.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.pfagent.kernel.PageSupply.Way;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which pages per fault a machine can give, by its settings. */
final class PageSuppliesTest {

  private static final long HUGE = 2 << 20;

  private static HugePageSizes sizes(String enabled, Map<Long, String> words) {
    return new HugePageSizes(4096, HUGE, enabled, words);
  }

  @Test
  void advisedSizesAndTheReasonsOfTheOthers() {
    PageSupplies supplies =
        PageSupplies.of(
            sizes("madvise", Map.of(16L << 10, "never", 64L << 10, "madvise", HUGE, "inherit")),
            false,
            false);

    assertThat(supplies.available())
        .containsExactly(
            new PageSupply(1, Way.BASE),
            new PageSupply(16, Way.MTHP),
            new PageSupply(512, Way.THP));
    assertThat(supplies.left())
        .containsExactly(
            new NotMeasured(
                "4 pages", "hugepages-16kB/enabled is never; root can set it to madvise"),
            new NotMeasured("64 pages", "this kernel has no large pages of 256kB"),
            new NotMeasured("256 pages", "this kernel has no large pages of 1024kB"));
  }

  @Test
  void ofTwoSizesBelowAPageTableTheLargerIsTaken() {
    PageSupplies supplies =
        PageSupplies.of(
            sizes("never", Map.of(16L << 10, "always", 64L << 10, "madvise", HUGE, "inherit")),
            false,
            false);

    assertThat(supplies.available())
        .containsExactly(new PageSupply(1, Way.BASE), new PageSupply(16, Way.MTHP));
    assertThat(supplies.left())
        .contains(
            new NotMeasured("4 pages", "the kernel takes 64kB instead, which is enabled too"),
            new NotMeasured(
                "512 pages", "transparent_hugepage/enabled is never; root can set it to madvise"));
  }

  @Test
  void thePatchedKernelGivesAll() {
    PageSupplies supplies = PageSupplies.of(sizes("madvise", Map.of()), true, false);

    assertThat(supplies.left()).isEmpty();
    assertThat(supplies.available())
        .extracting(PageSupply::operation)
        .containsExactly(
            "first-write-1-base",
            "first-write-4-multi_page_alloc",
            "first-write-16-multi_page_alloc",
            "first-write-64-multi_page_alloc",
            "first-write-256-multi_page_alloc",
            "first-write-512-multi_page_alloc",
            "first-write-512-thp");
  }

  @Test
  void aKernelWithoutLargePagesAndAProcessThatMayNotHaveThem() {
    HugePageSizes none = new HugePageSizes(4096, 0, "", Map.of());

    assertThat(PageSupplies.of(none, false, false).left())
        .hasSize(5)
        .allSatisfy(left -> assertThat(left.reason()).contains("no transparent huge pages"));
    assertThat(PageSupplies.of(sizes("always", Map.of()), false, true).left())
        .hasSize(5)
        .allSatisfy(left -> assertThat(left.reason()).contains("PR_SET_THP_DISABLE"));
  }
}
