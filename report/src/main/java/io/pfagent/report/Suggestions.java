package io.pfagent.report;

import java.util.List;
import java.util.stream.Collectors;

/** What to try, only where the recording proves that it would help. */
final class Suggestions {

  /** The page size that 512 pages of make one huge page of the common machines. */
  private static final long SMALL_PAGE_BYTES = 4096;

  private static final int PAGES_PER_FAULT = 512;

  /** Below this share of all faults a site is not what slows the process down. */
  private static final double MIN_SHARE = 0.1;

  /** Fewer faults cost less than the attention. */
  private static final long MIN_FAULTS = 1_000;

  /** Faults per page that tell that the kernel gave out single pages. */
  private static final double ONE_BY_ONE = 0.9;

  private Suggestions() {}

  /**
   * Gives the suggestions, most telling first.
   *
   * @param kernel null if unknown
   * @param processFaults of the same time as the sites' covered faults, or unknown
   */
  static List<String> of(List<SiteTotals> sites, Environment.Kernel kernel, long processFaults) {
    String means = kernel == null ? null : means(kernel);
    String proof =
        sites.stream()
            .filter(site -> faultsPageByPage(site) && matters(site, processFaults))
            .map(Suggestions::proof)
            .collect(Collectors.joining("; "));
    if (means == null || proof.isEmpty()) {
      return List.of();
    }
    return List.of(
        "prealloc=%d (%s), for these took one fault per %s page: %s"
            .formatted(PAGES_PER_FAULT, means, Units.bytes(SMALL_PAGE_BYTES), proof));
  }

  /** Why preallocation can be had here, or null. */
  private static String means(Environment.Kernel kernel) {
    if (kernel.pageSizeBytes() != SMALL_PAGE_BYTES) {
      return null;
    }
    if (kernel.multiPageAlloc() > 0) {
      return "this kernel has multi_page_alloc";
    }
    // The file in sysfs reads "always [madvise] never"; the brackets tell what is in force.
    String thp = kernel.thp();
    boolean onAdvice = "madvise".equals(thp) || (thp != null && thp.contains("[madvise]"));
    return onAdvice ? "THP is madvise here, so it needs no privilege" : null;
  }

  private static boolean faultsPageByPage(SiteTotals site) {
    return site.plainFaults() >= MIN_FAULTS
        && site.plainFaults() >= ONE_BY_ONE * site.plainBytes() / SMALL_PAGE_BYTES;
  }

  private static boolean matters(SiteTotals site, long processFaults) {
    return processFaults <= 0 || site.coveredFaults() >= MIN_SHARE * processFaults;
  }

  private static String proof(SiteTotals site) {
    return "%s (%s faults for %s of %s)"
        .formatted(
            site.site(),
            Units.count(site.plainFaults()),
            Units.plural(site.plainRegions(), "region"),
            Units.bytes(site.plainBytes()));
  }
}
