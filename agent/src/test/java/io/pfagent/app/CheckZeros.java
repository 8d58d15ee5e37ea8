package io.pfagent.app;

import com.sun.jna.Function;
import java.nio.ByteBuffer;
import java.nio.LongBuffer;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Allocates, dirties and frees buffers of many sizes, so that malloc maps some and recycles others,
 * and fails if any is not zero when it is new, or if memory that it sets itself is not what it set.
 * With the argument {@code lock}, all memory is locked first.
 */
public final class CheckZeros {

  private static final int[] SIZES = {100_000, 1 << 20, 2_500_000, 5 << 20, 33 << 20};
  private static final int ROUNDS = 4;
  private static final int CURRENT_AND_FUTURE = 3;
  private static final long DIRTY = 0x5a5a_5a5a_5a5a_5a5aL;

  private CheckZeros() {}

  public static void main(String[] arguments) throws Exception {
    if (arguments.length > 0 && arguments[0].equals("lock")) {
      System.out.println(
          "mlockall "
              + Function.getFunction(null, "mlockall")
                  .invokeInt(new Object[] {CURRENT_AND_FUTURE}));
    }
    Deque<ByteBuffer> kept = new ArrayDeque<>();
    for (int round = 0; round < ROUNDS; round++) {
      for (int size : SIZES) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(size);
        check(buffer);
        kept.add(buffer);
        if (kept.size() > SIZES.length / 2) {
          DirectMemory.free(kept.remove());
        }
      }
    }
    ownSets();
    System.out.println("all zero");
  }

  private static void check(ByteBuffer buffer) {
    for (int i = buffer.capacity() & -Long.BYTES; i < buffer.capacity(); i++) {
      expect(0, buffer.get(i));
      buffer.put(i, (byte) DIRTY);
    }
    LongBuffer words = buffer.asLongBuffer();
    for (int i = 0; i < words.limit(); i++) {
      expect(0, words.get(i));
      words.put(i, DIRTY);
    }
  }

  private static void ownSets() {
    long size = 8 << 20;
    long address = DirectMemory.allocate(size);
    for (byte value : new byte[] {1, 0}) {
      DirectMemory.set(address, size, value);
      for (long at = 0; at < size; at += 61) {
        expect(value, DirectMemory.get(address + at));
      }
    }
    DirectMemory.free(address);
  }

  private static void expect(long expected, long found) {
    if (found != expected) {
      throw new IllegalStateException("expected " + expected + ", found " + found);
    }
  }
}
