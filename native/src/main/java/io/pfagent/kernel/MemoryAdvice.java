package io.pfagent.kernel;

/**
 * What this process can tell the kernel about a range of its own memory, see madvise(2).
 *
 * <p>An advice takes whole pages; {@link #inside} finds those that a block holds wholly, for an
 * advice on a page that is shared with a neighbour would reach the neighbour. No advice here
 * changes what memory holds, but for {@link #DONTNEED}.
 */
public enum MemoryAdvice {
  /** Undoes {@link #RANDOM} and {@link #SEQUENTIAL}. */
  NORMAL(0),
  /** Files: no read-ahead. */
  RANDOM(1),
  /** Files: more read-ahead. */
  SEQUENTIAL(2),
  /** Files: read now, in the background. */
  WILLNEED(3),
  /**
   * Gives pages back; private anonymous memory reads as zeros afterwards. EINVAL: locked memory,
   * huge pages of hugetlbfs.
   */
  DONTNEED(4),
  /** Large pages at the next faults, of the sizes that the system allows where advised. */
  HUGEPAGE(14),
  /** Base pages only; forbids, rather than undoes {@link #HUGEPAGE}, which has no inverse. */
  NOHUGEPAGE(15),
  /** Faults all pages in for reading, Linux 5.14. */
  POPULATE_READ(22),
  /** Faults all pages in for writing, without changing what they hold, Linux 5.14. */
  POPULATE_WRITE(23);

  private final int number;

  MemoryAdvice(int number) {
    this.number = number;
  }

  /** The whole units of memory that lie inside a block; empty if there is none. */
  public record Range(long start, long end) {

    public boolean isEmpty() {
      return end <= start;
    }

    /** Bytes, 0 if empty. */
    public long size() {
      return Math.max(0, end - start);
    }
  }

  /**
   * The whole units inside a block.
   *
   * @param unit bytes, a power of two: a base page, or a large one
   */
  public static Range inside(long address, long size, long unit) {
    return new Range((address + unit - 1) & -unit, (address + size) & -unit);
  }

  /** Whether {@code madvise} can be called at all. */
  public static boolean available() {
    return LibC.AVAILABLE;
  }

  /**
   * Advises the kernel on whole pages.
   *
   * @return empty on success, else why not, as {@code madvise(MADV_HUGEPAGE): EINVAL}
   */
  public String apply(Range pages) {
    if (pages.isEmpty()) {
      return "";
    }
    if (!LibC.AVAILABLE) {
      return LibC.CAPABILITY.reason();
    }
    int errno = madvise(pages, number);
    return errno == 0 ? "" : "madvise(MADV_" + name() + "): " + Errno.name(errno);
  }

  private static int madvise(Range pages, int advice) {
    return LibC.madvise(pages.start(), pages.size(), advice) == 0 ? 0 : LibC.errno();
  }
}
