package io.pfagent.report;

/**
 * What counts as the same work before and after a change: the same action, by the same code, on
 * memory of about the same size.
 *
 * @param action allocate, or the operation and method of a touch
 * @param site the first frame of the application
 * @param sizeClass the power of two at or below the size in bytes; -1 if unknown
 */
record Work(String action, String site, int sizeClass) {

  static final String ALLOCATE = "allocate";

  static Work allocation(String site, long sizeBytes) {
    return new Work(ALLOCATE, site, sizeClass(sizeBytes));
  }

  /**
   * A measured touch.
   *
   * @param bytes how much it was asked to touch; if it doesn't say, the size of the region; 0 if
   *     that is not known either
   */
  static Work touch(String operation, String method, String site, long bytes) {
    String action = "method".equals(operation) ? method : operation;
    return new Work(action == null ? "touch" : action, site, sizeClass(bytes));
  }

  /** Whether nobody knows how much memory it is about, so that only whole runs compare. */
  boolean isPerRun() {
    return sizeClass < 0;
  }

  private static int sizeClass(long bytes) {
    return bytes <= 0 ? -1 : Long.SIZE - 1 - Long.numberOfLeadingZeros(bytes);
  }
}
