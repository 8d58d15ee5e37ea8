package io.pfagent.kernel;

import com.sun.jna.Pointer;

/**
 * Tells whether {@code malloc} has mapped a block by itself, so that advice on it ends with it. A
 * block from the heap shares its mapping with neighbours, and its pages with blocks to come.
 *
 * <p>The GNU C library says so in the header before the block (malloc/malloc.c, {@code
 * IS_MMAPPED}); the JVM puts a header of its own between the two where native memory is tracked
 * (-XX:NativeMemoryTracking; services/mallocHeader.hpp). Other allocators have no such header:
 * their blocks count as part of a heap.
 *
 * <pre>
 *   page boundary
 *   | 0    | size + 2 | block ...                    mapped by itself
 *   | 0    | size + 2 | size asked | more | block    the same, with native memory tracking
 *   0      8          16           24     32
 * </pre>
 */
public final class MallocBlock {

  private static final int HEADER = 16;
  private static final int TRACKED_HEADER = 2 * HEADER;

  /** The low bits of a size are flags: mapped by itself, and neither of the others. */
  private static final long FLAGS = 7;

  private static final long IS_MMAPPED = 2;

  /** Made at first use, for it is a direct buffer too. */
  private static SelfMemory memory;

  private MallocBlock() {}

  /**
   * Whether a block that the caller has just been given is mapped by itself.
   *
   * @param address what {@code malloc} returned, through the JVM
   * @param size bytes that were asked for
   */
  public static boolean isMappedByItself(long address, long size) {
    // The header is on the block's own first page in the cases that are read, and so is mapped.
    return LibC.AVAILABLE && mayHaveHeader(address) && check(address, size, false);
  }

  /**
   * As {@link #isMappedByItself} for a block that might be gone: reads with process_vm_readv(2),
   * which fails where a load would crash. One thread at a time.
   */
  public static synchronized boolean isStillMappedByItself(long address, long size) {
    if (!LibC.AVAILABLE || !mayHaveHeader(address)) {
      return false;
    }
    if (memory == null) {
      memory = new SelfMemory();
    }
    return check(address, size, true);
  }

  private static long word(long address, boolean mayBeGone) {
    if (!mayBeGone) {
      return new Pointer(address).getLong(0);
    }
    return memory.read(address, Long.BYTES) ? memory.getLong(0) : -1;
  }

  private static boolean mayHaveHeader(long address) {
    long offset = address & (LibC.pageSize() - 1);
    return offset == HEADER || offset == TRACKED_HEADER;
  }

  private static boolean check(long address, long size, boolean mayBeGone) {
    long offset = address & (LibC.pageSize() - 1);
    long start = address - offset;
    long mapped = word(start + Long.BYTES, mayBeGone);
    boolean fits = (mapped & -8L) - offset >= size && (mapped & -8L) - offset < size + 2 * page();
    boolean isMapped =
        word(start, mayBeGone) == 0
            && (mapped & FLAGS) == IS_MMAPPED
            && (mapped & (page() - 8)) == 0;
    boolean tracked = offset == HEADER || isAsked(word(start + HEADER, mayBeGone), size);
    return fits && isMapped && tracked;
  }

  /** The JVM asks for whole words. */
  private static boolean isAsked(long asked, long size) {
    return asked >= size && asked < size + Long.BYTES;
  }

  private static long page() {
    return LibC.pageSize();
  }
}
