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

  /** Maps so many pages. */
  public static FreshPages of(int pages) {
    AnonymousMemory memory = AnonymousMemory.ofPages(pages);
    return new FreshPages(
        memory.address, new Pointer(memory.address).getByteBuffer(0, memory.size));
  }

  /** Whether an address is in them. */
  public boolean contains(long at) {
    return at >= address && at < address + memory.capacity();
  }
}
