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

  private Walks() {}

  /** Page by page, from the beginning until so many bytes of a block. */
  static void inOrder(long size, long walked) {
    long address = DirectMemory.allocate(size);
    for (long at = 0; at < walked; at += PAGE) {
      DirectMemory.put(address + at, (byte) 1);
      if (at % STRETCH == 0) {
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
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
