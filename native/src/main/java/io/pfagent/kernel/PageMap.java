package io.pfagent.kernel;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Resident and huge bytes of address ranges in this process, by {@code /proc/self/pagemap}.
 *
 * <p>The ioctl PAGEMAP_SCAN (Linux 6.7) reports runs of pages. Older kernels offer one 8-byte entry
 * per page, which does not tell huge pages apart and counts the shared zero page as resident. Both
 * hold the address-space lock for reading; a long range is scanned in parts so that an {@code
 * mmap()} elsewhere waits a short time only. A gigabyte costs about 4 ms when resident in 4 kB
 * pages (11 ms by entries), 0.1 ms in huge pages, and next to nothing when not resident.
 *
 * <pre>
 * struct pm_scan_arg, 12 x 8 bytes             struct page_region, 3 x 8 bytes
 *   (include/uapi/linux/fs.h)
 *    0 size      8 flags     16 start             0 start   8 end   16 categories
 *   24 end      32 walk_end  40 vec
 *   48 vec_len  56 max_pages 64 category_inverted
 *   72 category_mask  80 category_anyof_mask  88 return_mask
 * </pre>
 *
 * <p>An instance keeps one file descriptor and its buffers. Safe for several threads.
 */
public final class PageMap implements AutoCloseable {

  private enum Way {
    SCAN,
    ENTRIES,
    NONE
  }

  private static final String NAME = "pagemap-scan";
  private static final byte[] PATH = "/proc/self/pagemap\0".getBytes(StandardCharsets.US_ASCII);

  /** {@code _IOWR('f', 16, struct pm_scan_arg)}. */
  private static final long PAGEMAP_SCAN = 0xC060_6610L;

  private static final int ARG_BYTES = 96;
  private static final int START = 16;
  private static final int END = 24;
  private static final int WALK_END = 32;
  private static final int VEC = 40;
  private static final int VEC_LEN = 48;
  private static final int CATEGORY_INVERTED = 64;
  private static final int CATEGORY_MASK = 72;
  private static final int RETURN_MASK = 88;

  private static final long PAGE_IS_PRESENT = 1L << 3;
  private static final long PAGE_IS_PFNZERO = 1L << 5;
  private static final long PAGE_IS_HUGE = 1L << 6;

  private static final int REGION_BYTES = 24;
  private static final int REGIONS = 512;
  private static final long SCAN_PART_BYTES = 64L << 20;

  // Documentation/admin-guide/mm/pagemap.rst: bit 63 of an entry, page present, is its sign.
  private static final int ENTRY_BYTES = Long.BYTES;
  private static final int ENTRIES = 8192;

  private final long pageSize;
  private final ByteBuffer buffer;
  private final long bufferAddress;
  private final Way way;
  private final Capability capability;
  private int fd = -1;

  private long rangeStart;
  private long rangeEnd;
  private long residentBytes;
  private long hugeBytes;

  private PageMap(boolean mayScan) {
    pageSize = LibC.pageSize();
    buffer = LibC.newBuffer(Math.max(ARG_BYTES + REGIONS * REGION_BYTES, ENTRIES * ENTRY_BYTES));
    if (!LibC.AVAILABLE) {
      bufferAddress = 0;
      way = Way.NONE;
      capability = none(LibC.CAPABILITY.reason());
      return;
    }
    bufferAddress = LibC.address(buffer);
    buffer.put(0, PATH);
    fd = LibC.openat(-1, bufferAddress, LibC.O_RDONLY_CLOEXEC);
    if (fd < 0) {
      way = Way.NONE;
      capability = none("open(/proc/self/pagemap): " + Errno.name(LibC.errno()));
      return;
    }
    setRange(bufferAddress, 1);
    if (mayScan && scan()) {
      way = Way.SCAN;
      capability = Capability.available(NAME);
      return;
    }
    String scanReason =
        "ioctl(PAGEMAP_SCAN): "
            + Errno.name(LibC.errno())
            + "; it needs Linux 6.7 or later, and a seccomp profile that allows it";
    if (readEntries()) {
      way = Way.ENTRIES;
      capability =
          Capability.unavailable(
              NAME, scanReason, "resident bytes from /proc/self/pagemap, huge bytes unknown");
    } else {
      way = Way.NONE;
      capability = none(scanReason);
    }
  }

  /** Opens the page map and finds out what the kernel offers, see {@link #capability()}. */
  public static PageMap open() {
    return new PageMap(true);
  }

  /** As on a kernel without PAGEMAP_SCAN. */
  static PageMap openWithoutScan() {
    return new PageMap(false);
  }

  /** Whether huge pages can be told apart, and what is used if not. */
  public Capability capability() {
    return capability;
  }

  /**
   * How much of a range is resident now. Pages that lie partly in the range count with that part.
   * The shared zero page, which a read of fresh memory maps, is not counted.
   *
   * @param address the first byte, of any alignment
   * @param size bytes; 0 or less is an empty range
   * @return {@link Residency#UNKNOWN} where the kernel does not tell
   */
  public synchronized Residency residency(long address, long size) {
    if (fd < 0 || way == Way.NONE) {
      return Residency.UNKNOWN;
    }
    if (size <= 0) {
      return new Residency(0, way == Way.SCAN ? 0 : -1);
    }
    setRange(address, size);
    if (way == Way.SCAN) {
      return scan() ? new Residency(residentBytes, hugeBytes) : Residency.UNKNOWN;
    }
    return readEntries() ? new Residency(residentBytes, -1) : Residency.UNKNOWN;
  }

  /** Gives the file descriptor back; all ranges are unknown from now on. */
  @Override
  public synchronized void close() {
    if (fd >= 0) {
      LibC.close(fd);
      fd = -1;
    }
  }

  private void setRange(long address, long size) {
    rangeStart = address;
    rangeEnd = address + size;
    residentBytes = 0;
    hugeBytes = 0;
  }

  private boolean scan() {
    long end = pageEnd();
    long from = pageStart();
    while (from < end) {
      long partEnd = Math.min(end, from + SCAN_PART_BYTES);
      putScanArgument(from, partEnd);
      int regions = LibC.ioctl(fd, PAGEMAP_SCAN, bufferAddress);
      long walkEnd = buffer.getLong(WALK_END);
      if (regions < 0 || walkEnd <= from) {
        return false;
      }
      for (int i = 0; i < regions; i++) {
        addRegion(ARG_BYTES + i * REGION_BYTES);
      }
      from = walkEnd; // before partEnd if the regions did not fit
    }
    return true;
  }

  private void putScanArgument(long from, long to) {
    for (int at = 0; at < ARG_BYTES; at += Long.BYTES) {
      buffer.putLong(at, 0);
    }
    buffer.putLong(0, ARG_BYTES);
    buffer.putLong(START, from);
    buffer.putLong(END, to);
    buffer.putLong(VEC, bufferAddress + ARG_BYTES);
    buffer.putLong(VEC_LEN, REGIONS);
    // Present, and not the zero page.
    buffer.putLong(CATEGORY_MASK, PAGE_IS_PRESENT | PAGE_IS_PFNZERO);
    buffer.putLong(CATEGORY_INVERTED, PAGE_IS_PFNZERO);
    buffer.putLong(RETURN_MASK, PAGE_IS_HUGE);
  }

  private void addRegion(int at) {
    long bytes = clippedBytes(buffer.getLong(at), buffer.getLong(at + 8));
    residentBytes += bytes;
    if ((buffer.getLong(at + 16) & PAGE_IS_HUGE) != 0) {
      hugeBytes += bytes;
    }
  }

  private boolean readEntries() {
    long end = pageEnd();
    long from = pageStart();
    while (from < end) {
      long wanted = Math.min(ENTRIES, (end - from) / pageSize) * ENTRY_BYTES;
      long got = LibC.pread(fd, bufferAddress, wanted, from / pageSize * ENTRY_BYTES);
      if (got < ENTRY_BYTES) {
        return false;
      }
      for (int at = 0; at + ENTRY_BYTES <= got; at += ENTRY_BYTES) {
        if (buffer.getLong(at) < 0) {
          residentBytes += clippedBytes(from, from + pageSize);
        }
        from += pageSize;
      }
    }
    return true;
  }

  private long clippedBytes(long start, long end) {
    return Math.max(0, Math.min(end, rangeEnd) - Math.max(start, rangeStart));
  }

  private long pageStart() {
    return rangeStart & -pageSize;
  }

  private long pageEnd() {
    return (rangeEnd + pageSize - 1) & -pageSize;
  }

  private static Capability none(String reason) {
    return Capability.unavailable(NAME, reason, "resident bytes per region unknown");
  }
}
