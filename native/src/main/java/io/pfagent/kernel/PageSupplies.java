package io.pfagent.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * The numbers of pages per fault that this machine can give, as it is set.
 *
 * @param available in ascending order; 1 is always among them
 * @param left those that can't be had
 */
public record PageSupplies(List<PageSupply> available, List<NotMeasured> left) {

  /** What the research kernel was measured with, and the size that replaces a page table. */
  private static final int[] PAGES = {1, 4, 16, 64, 256, MultiPageAlloc.MOST_PAGES};

  /** Those of this machine; {@code patched} if {@code multi_page_alloc} can be called. */
  static PageSupplies ofThisMachine(boolean patched) {
    return of(HugePageSizes.read(), patched, HugePageSizes.disabledForThisProcess());
  }

  /**
   * Those of any machine.
   *
   * @param patched whether it has {@code multi_page_alloc}
   * @param disabled whether large pages are switched off for this process
   */
  static PageSupplies of(HugePageSizes sizes, boolean patched, boolean disabled) {
    List<PageSupply> available = new ArrayList<>();
    List<NotMeasured> left = new ArrayList<>();
    available.add(new PageSupply(1, PageSupply.Way.BASE));
    for (int pages : PAGES) {
      if (pages == 1) {
        continue;
      }
      long bytes = pages * sizes.pageBytes();
      String refusal = refusal(sizes, bytes, disabled);
      if (patched) {
        available.add(new PageSupply(pages, PageSupply.Way.MULTI_PAGE_ALLOC));
      }
      if (refusal.isEmpty()) {
        boolean largest = bytes == sizes.largestBytes();
        available.add(new PageSupply(pages, largest ? PageSupply.Way.THP : PageSupply.Way.MTHP));
      } else if (!patched) {
        left.add(new NotMeasured(pages + " pages", refusal));
      }
    }
    return new PageSupplies(List.copyOf(available), List.copyOf(left));
  }

  /** Why advised memory doesn't get large pages of this size; empty if it does. */
  private static String refusal(HugePageSizes sizes, long bytes, boolean disabled) {
    String size = (bytes >> 10) + "kB";
    if (sizes.largestBytes() == 0) {
      return "this kernel has no transparent huge pages, or hides them";
    }
    if (disabled) {
      return "large pages are switched off for this process (PR_SET_THP_DISABLE)";
    }
    if (bytes != sizes.largestBytes() && !sizes.words().containsKey(bytes)) {
      return "this kernel has no large pages of " + size;
    }
    if (!sizes.reachesAdvised(bytes)) {
      String word = sizes.words().getOrDefault(bytes, "inherit");
      return word.equals("inherit")
          ? "transparent_hugepage/enabled is never; root can set it to madvise"
          : "hugepages-%s/enabled is %s; root can set it to madvise".formatted(size, word);
    }
    // The kernel takes the largest size that fits, and measured memory is large.
    OptionalLong taken = sizes.largestAdvisedBelowTable();
    return bytes < sizes.largestBytes() && taken.isPresent() && bytes < taken.getAsLong()
        ? "the kernel takes %dkB instead, which is enabled too".formatted(taken.getAsLong() >> 10)
        : "";
  }
}
