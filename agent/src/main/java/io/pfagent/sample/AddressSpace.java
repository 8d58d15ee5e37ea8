package io.pfagent.sample;

import io.pfagent.account.RegionKind;
import io.pfagent.kernel.Mapping;
import io.pfagent.kernel.Mappings;
import io.pfagent.kernel.StackPointers;
import java.util.List;
import java.util.function.Supplier;

/**
 * What the memory outside the tracked regions is. Reads the kernel's list of mappings when an
 * address is in none that it knows, and now and then, for addresses change hands; each time costs
 * some microseconds per mapping, and is followed by a rest that keeps it below 1 % of a processor.
 * Used by one thread.
 */
final class AddressSpace {

  private static final int REST_FACTOR = 100;
  private static final long STALE_NANOS = 5_000_000_000L;
  private static final int STACK_POINTER_ROUNDS = 4;

  /** A method touches the stack below it before it needs it (StackShadowPages, 80 kB). */
  private static final long BELOW_STACK_POINTER = 256 << 10;

  private final Supplier<List<JvmArea>> jvm;
  private MemoryAreas areas = new MemoryAreas.Builder().build();
  private List<Long> stackPointers = List.of();
  private long readAtNanos;
  private long restUntilNanos;
  private int rounds;

  /**
   * @param jvm what the JVM tells of its memory
   */
  AddressSpace(Supplier<List<JvmArea>> jvm) {
    this.jvm = jvm;
    long now = System.nanoTime();
    this.readAtNanos = now - STALE_NANOS;
    this.restUntilNanos = now;
  }

  /** Reads the mappings again if that is due. To be called now and then while there are samples. */
  void refreshIfStale(long nowNanos) {
    if (nowNanos - readAtNanos >= STALE_NANOS && nowNanos - restUntilNanos >= 0) {
      refresh(nowNanos);
    }
  }

  /**
   * What is at an address.
   *
   * @param stackPointer of the thread that has touched it, 0 if unknown
   * @param isCollector whether that thread belongs to the garbage collector
   * @param isNative whether native code has touched it, the JVM's own above all; what has no other
   *     name is its {@code malloc} then, of which large blocks come and go unseen
   */
  RegionKind kindOf(long address, long stackPointer, boolean isCollector, boolean isNative) {
    int index = areas.indexOf(address);
    if (index < 0) {
      long now = System.nanoTime();
      if (now - restUntilNanos >= 0) {
        refresh(now);
        index = areas.indexOf(address);
      }
    }
    RegionKind kind = index < 0 ? null : areas.kind(index);
    if (kind != null) {
      return kind;
    }
    if (isOnStack(address, stackPointer, index)) {
      return RegionKind.THREAD_STACK;
    }
    if (isCollector) {
      return RegionKind.GC;
    }
    return isNative ? RegionKind.MALLOC : RegionKind.OTHER;
  }

  /** The file that is mapped at an address; empty if none is. */
  String fileAt(long address) {
    int index = areas.indexOf(address);
    return index >= 0 && areas.name(index).startsWith("/") ? areas.name(index) : "";
  }

  private boolean isOnStack(long address, long stackPointer, int index) {
    if (stackPointer == 0 || address < stackPointer - BELOW_STACK_POINTER) {
      return false;
    }
    return index < 0
        ? address - stackPointer < BELOW_STACK_POINTER
        : areas.indexOf(stackPointer) == index;
  }

  private void refresh(long nowNanos) {
    List<Mapping> mappings = Mappings.read();
    if (rounds++ % STACK_POINTER_ROUNDS == 0) {
      stackPointers = StackPointers.read();
    }
    areas = new AreaReader(jvm.get(), stackPointers).read(mappings);
    long end = System.nanoTime();
    readAtNanos = nowNanos;
    restUntilNanos = end + (end - nowNanos) * REST_FACTOR;
  }
}
