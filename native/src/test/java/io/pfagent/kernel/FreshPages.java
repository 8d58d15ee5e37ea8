package io.pfagent.kernel;

import com.sun.jna.Pointer;
import java.nio.ByteBuffer;

/**
 * Memory of which every page faults when it is first touched. Never unmapped.
 *
 * @param address of the first page
 * @param memory all of them
 */
public record FreshPages(long address, ByteBuffer memory) {

  private static final int MADV_DONTNEED = 4; // asm-generic/mman-common.h

  /** Maps so many pages. */
  public static FreshPages of(int pages) {
    AnonymousMemory memory = AnonymousMemory.ofPages(pages);
    return new FreshPages(
        memory.address, new Pointer(memory.address).getByteBuffer(0, memory.size));
  }

  /** Gives all pages back: each of them faults once more. */
  public void drop() {
    if (LibC.madvise(address, memory.capacity(), MADV_DONTNEED) != 0) {
      throw new IllegalStateException("madvise(MADV_DONTNEED): errno " + LibC.errno());
    }
  }

  /** Whether an address is in them. */
  public boolean contains(long at) {
    return at >= address && at < address + memory.capacity();
  }
}
