package io.pfagent.prealloc;

import io.pfagent.kernel.MemoryHeadroom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Refuses preallocation where memory could run short: a region is preallocated only if all of it
 * fits into what the machine and the control groups have left, less a reserve. Any thread may ask.
 */
final class MemoryGuard {

  private static final long FRESH_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long LEAST_RESERVE_BYTES = 64L << 20;
  private static final int RESERVE_SHARE = 16;

  /** What takes less than this part of what is spare is far from the limit, a second later too. */
  private static final int CLOSE_SHARE = 8;

  private final Supplier<MemoryHeadroom> reader;
  private volatile Reading last;

  private record Reading(MemoryHeadroom headroom, long nanos) {}

  MemoryGuard(Supplier<MemoryHeadroom> reader) {
    this.reader = reader;
  }

  /**
   * Whether a region of so many bytes could become resident and leave the reserve untouched. What
   * was read last decides, unless it is close: allocating threads read no files for that.
   */
  boolean allows(long bytes) {
    Reading reading = last;
    if (reading != null && bytes < spareBytes(reading) / CLOSE_SHARE) {
      return true;
    }
    return bytes <= spareBytes();
  }

  /** What may still be preallocated; {@link Long#MAX_VALUE} if nothing limits it. */
  long spareBytes() {
    return spareBytes(recent());
  }

  /** The message of an answer that refuses for want of memory. */
  String refusal(long bytes) {
    return "the machine or a control group has too little memory left to preallocate "
        + bytes
        + " bytes and keep a reserve ("
        + Math.max(0, spareBytes())
        + " to spare)";
  }

  /** To be called about once a second while preallocation is on. */
  void refresh() {
    last = new Reading(reader.get(), System.nanoTime());
  }

  private static long spareBytes(Reading reading) {
    MemoryHeadroom headroom = reading.headroom();
    return headroom.isKnown()
        ? headroom.availableBytes() - reserveBytes(headroom.limitBytes())
        : Long.MAX_VALUE;
  }

  private static long reserveBytes(long limitBytes) {
    return Math.max(LEAST_RESERVE_BYTES, limitBytes / RESERVE_SHARE);
  }

  /** Several threads may read at once now and then; no one waits for another. */
  private Reading recent() {
    Reading reading = last;
    if (reading == null || System.nanoTime() - reading.nanos() > FRESH_NANOS) {
      refresh();
      reading = last;
    }
    return reading;
  }
}
