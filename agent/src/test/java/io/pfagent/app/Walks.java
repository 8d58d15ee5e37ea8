package io.pfagent.app;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Touches the pages of blocks that nobody has touched, and keeps the blocks. */
final class Walks {

  private static final long PAGE = 4096;
  private static final long STRETCH = 1 << 20;

  /** So slow that somebody else could be there before. */
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private static long walked;
  private static long front;

  private Walks() {}

  /** Page by page, from the beginning until so many bytes of a block. */
  static void inOrder(long size, long bytes) {
    walked = DirectMemory.allocate(size);
    front = 0;
    onward(bytes, PAGE);
  }

  /** So many bytes further in the block that was walked last, by steps of so many bytes. */
  static void onward(long bytes, long step) {
    long end = front + bytes;
    for (; front < end; front += step) {
      DirectMemory.put(walked + front, (byte) 1);
      if (front % STRETCH == 0) {
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
  }

  /** All of a block by one operation. */
  static void set(long size, byte value) {
    DirectMemory.set(DirectMemory.allocate(size), size, value);
  }

  /** Every fourth page or so of a block. */
  static void inNoOrder(long size) {
    long address = DirectMemory.allocate(size);
    Random random = new Random(1);
    for (long touches = size / PAGE / 4; touches > 0; touches--) {
      DirectMemory.put(address + (random.nextInt() & (size / PAGE - 1)) * PAGE, (byte) 1);
    }
  }
}
