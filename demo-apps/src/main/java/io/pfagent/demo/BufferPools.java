package io.pfagent.demo;

import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;

/** The memory of direct and mapped buffers, and the wait until the collector has freed some. */
final class BufferPools {

  private static final int WAIT_MILLIS = 20;
  private static final int TRIES = 50;

  private BufferPools() {}

  /** Bytes in all direct and mapped buffers of this JVM. */
  static long bytes() {
    return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
        .mapToLong(BufferPoolMXBean::getMemoryUsed)
        .sum();
  }

  /**
   * Runs the collector until the buffers hold less than {@code limitBytes}. Gives up after a
   * second, because a JVM with {@code -XX:+DisableExplicitGC} never gets there.
   */
  static void collectBelow(long limitBytes) throws InterruptedException {
    for (int i = 0; i < TRIES && bytes() >= limitBytes; i++) {
      System.gc();
      // The JDK frees buffers on a thread of its own some time after the collection, and tells
      // nobody.
      Thread.sleep(WAIT_MILLIS);
    }
  }
}
