package io.pfagent.kernel;

import java.util.concurrent.CountDownLatch;

/** Waiting in tests, where nobody interrupts. */
final class Threads {

  private Threads() {}

  static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
