package io.pfagent.kernel;

import java.util.Locale;

/**
 * A way to have several pages per fault of anonymous memory.
 *
 * @param pages base pages that one fault brings
 */
public record PageSupply(int pages, Way way) {

  /** Who brings more than one page. */
  public enum Way {
    /** Nobody: what memory without advice gets where large pages are for advised memory only. */
    BASE,
    /** The patched kernel. */
    MULTI_PAGE_ALLOC,
    /** A large page below the size of a page table, advised. */
    MTHP,
    /** The large page that replaces a page table, advised. */
    THP
  }

  /** As in tables: base, multi_page_alloc, mthp or thp. */
  public String wayName() {
    return way.name().toLowerCase(Locale.ROOT);
  }

  /** Its name in {@code pfagent.CostCalibration}, for example {@code first-write-16-mthp}. */
  public String operation() {
    return "first-write-" + pages + "-" + wayName();
  }
}
