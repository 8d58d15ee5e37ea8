package io.pfagent.prealloc;

/**
 * What it costs that a page is touched first: what the faults of a stretch cost, spread over the
 * pages that are used. So a page that was handed out and is not used makes the others dearer.
 *
 * @param baseNanos a fault that brings a base page
 * @param largeNanos a fault that brings a large page; 0 if it isn't known
 * @param largePages base pages of a large page
 * @param pageBytes bytes of a base page
 */
record TouchCost(double baseNanos, double largeNanos, int largePages, long pageBytes) {

  /**
   * Nanoseconds per page that is used.
   *
   * @param faultsPerPage faults per page outside of pages of the largest size: 1 for base pages, or
   *     more where pages were read before they were written; less where faults brought several
   */
  double perUsedPage(PageUse use, double faultsPerPage) {
    double huge = (double) Math.max(0, use.hugeBytes()) / pageBytes;
    double others = (double) use.residentBytes() / pageBytes - huge;
    double nanos = huge / largePages * largeNanos + nanosOf(others, others * faultsPerPage);
    // Somebody touched at least one page of each that was handed out.
    double fewestUsed = (huge + others) / largePages;
    return nanos / Math.max(1, Math.max(fewestUsed, (double) use.usedBytes() / pageBytes));
  }

  /** So many faults for so many pages tell how many of them brought a large page. */
  private double nanosOf(double pages, double faults) {
    if (faults >= pages) {
      return faults * baseNanos;
    }
    double large = (pages - Math.max(faults, pages / largePages)) / (largePages - 1);
    return large * largeNanos + (pages - large * largePages) * baseNanos;
  }
}
