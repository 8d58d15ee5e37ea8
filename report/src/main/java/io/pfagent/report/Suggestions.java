package io.pfagent.report;

import java.util.List;
import java.util.stream.Collectors;

/** What to try, only where the recording proves that it would help. */
final class Suggestions {

  private static final long USUAL_PAGE_BYTES = 4096;

  /** Below this share of all faults a site is not what slows the process down. */
  private static final double MIN_SHARE = 0.1;

  /** Fewer faults cost less than the attention. */
  private static final long MIN_FAULTS = 1_000;

  /** One that comes and goes may do so once; from here on it is a habit. */
  private static final long MIN_FREED = 2;

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
    long pageBytes = kernel == null ? USUAL_PAGE_BYTES : kernel.pageSizeBytes();
    String proof =
        sites.stream()
            .filter(site -> site.regions() - site.liveRegions() >= MIN_FREED)
            .filter(site -> faultsPageByPage(site, pageBytes) && matters(site, processFaults))
            .map(Suggestions::proof)
            .collect(Collectors.joining("; "));
    return proof.isEmpty()
        ? List.of()
        : List.of(
            "keep the memory and use it again (a pool): each of these regions took one fault per %s page, and was freed: %s"
                .formatted(Units.bytes(pageBytes), proof));
  }

  private static boolean faultsPageByPage(SiteTotals site, long pageBytes) {
    return site.plainFaults() >= MIN_FAULTS
        && site.plainFaults() >= ONE_BY_ONE * site.plainBytes() / pageBytes;
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
