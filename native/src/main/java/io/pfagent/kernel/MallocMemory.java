package io.pfagent.kernel;

/**
 * Recognises what glibc's malloc has mapped, by what it writes there itself.
 *
 * <p>Arenas for threads are 64 MB of reserved addresses that start at a multiple of 64 MB with a
 * header ({@code struct _heap_info} in malloc/arena.c).
 *
 * <pre>
 *   0         8        16      24
 *   +---------+--------+-------+---------------+--
 *   | ar_ptr  | prev   | size  | mprotect_size |
 *   +---------+--------+-------+---------------+--
 *   the arena  heap     bytes in use, at most those that are accessible
 *              before, or 0
 * </pre>
 *
 * <p>A large block is a mapping of its own with a header ({@code struct malloc_chunk} in
 * malloc/malloc.c): the block's size at offset 8, whole pages, with bit 1 set, which says that it
 * is mapped. The kernel makes neighbours one mapping, so more blocks may follow.
 *
 * <p>Not for several threads at once.
 */
public final class MallocMemory {

  /** Reserved addresses of an arena, HEAP_MAX_SIZE in malloc/arena.c. */
  public static final long ARENA_BYTES = 64L << 20;

  private static final int PREVIOUS = 8;
  private static final int SIZE = 16;
  private static final int ACCESSIBLE = 24;
  private static final int HEADER_BYTES = 32;
  private static final int CHUNK_SIZE = 8;
  private static final long CHUNK_FLAGS = 7;
  private static final long IS_MMAPPED = 2;

  private final SelfMemory memory = LibC.AVAILABLE ? new SelfMemory() : null;

  /**
   * Whether the accessible part of an arena starts here. It grows all the time: what was read of
   * its mapping a moment ago says nothing of its size.
   */
  public boolean isArena(long start) {
    if (memory == null || start % ARENA_BYTES != 0 || !memory.read(start, HEADER_BYTES)) {
      return false;
    }
    long arena = memory.getLong(0);
    long used = memory.getLong(SIZE);
    long accessible = memory.getLong(ACCESSIBLE);
    boolean arenaIsInOne = arena % ARENA_BYTES != 0 && arena % Long.BYTES == 0;
    return arenaIsInOne
        && memory.getLong(PREVIOUS) % ARENA_BYTES == 0
        && isPages(used)
        && isPages(accessible)
        && used <= accessible
        && accessible <= ARENA_BYTES;
  }

  /**
   * Whether this mapping starts with a large block.
   *
   * @param start where it starts
   * @param size bytes of it
   */
  public boolean isLargeBlock(long start, long size) {
    if (memory == null || !memory.read(start + CHUNK_SIZE, Long.BYTES)) {
      return false;
    }
    long chunk = memory.getLong(0);
    long bytes = chunk & ~CHUNK_FLAGS;
    return (chunk & CHUNK_FLAGS) == IS_MMAPPED && isPages(bytes) && bytes <= size;
  }

  private static boolean isPages(long bytes) {
    return bytes > 0 && bytes % LibC.pageSize() == 0;
  }
}
