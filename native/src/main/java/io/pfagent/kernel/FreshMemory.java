package io.pfagent.kernel;

import com.sun.jna.Native;
import com.sun.jna.Pointer;

/** Makes memory zero that {@code malloc} has just mapped, without touching its pages. */
public final class FreshMemory {

  private static final long WARM_UP_BYTES = 1 << 20;

  private FreshMemory() {}

  /** Does all of it once, so that no class is loaded in the application's first allocation. */
  public static void warmUp() {
    if (LibC.AVAILABLE) {
      long block = Native.malloc(WARM_UP_BYTES);
      if (block != 0 && MallocBlock.isMappedByItself(block, WARM_UP_BYTES)) {
        zero(block, WARM_UP_BYTES);
      }
      Native.free(block);
    }
  }

  /**
   * Has the kernel forget the whole pages inside: private anonymous memory reads as zeros after
   * {@code MADV_DONTNEED}, whatever was in it. The parts of pages at both ends are set by hand.
   *
   * <p>A mapping of malloc's own is fresh, and zero already unless the allocator was told to fill
   * it (glibc.malloc.perturb). The advice turns that into a guarantee for a microsecond.
   *
   * @param address a block that {@link MallocBlock#isMappedByItself}
   * @param size its bytes
   * @return whether all of it is zero now; false where the kernel refuses, as for locked memory
   */
  public static boolean zero(long address, long size) {
    MemoryAdvice.Range pages = MemoryAdvice.inside(address, size, LibC.pageSize());
    if (pages.isEmpty() || !MemoryAdvice.DONTNEED.apply(pages).isEmpty()) {
      return false;
    }
    new Pointer(address).setMemory(0, pages.start() - address, (byte) 0);
    new Pointer(pages.end()).setMemory(0, address + size - pages.end(), (byte) 0);
    return true;
  }
}
