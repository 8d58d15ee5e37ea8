package io.pfagent.prealloc;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** The thread that looks after preallocation while any is on: daemon, and asleep in between. */
final class Maintenance implements Runnable {

  private static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long POPULATE_PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private final Runnable everySecond;
  private final Populator populator;
  private final Consumer<Throwable> failures;

  /** The one that runs, or null. One that finds another here ends. */
  private volatile Thread thread;

  /**
   * @param everySecond what is to be done once a second
   * @param failures takes what it throws
   */
  Maintenance(Runnable everySecond, Populator populator, Consumer<Throwable> failures) {
    this.everySecond = everySecond;
    this.populator = populator;
    this.failures = failures;
  }

  /** Called by one thread at a time. */
  void setOn(boolean on) {
    Thread before = thread;
    if (on && before == null) {
      Thread started = new Thread(this, "pfagent-prealloc");
      started.setDaemon(true);
      thread = started;
      started.start();
    } else if (before != null) {
      thread = on ? before : null;
      LockSupport.unpark(before);
    }
  }

  @Override
  public void run() {
    long last = System.nanoTime();
    while (thread == Thread.currentThread()) {
      LockSupport.parkNanos(populator.isOn() ? POPULATE_PERIOD_NANOS : PERIOD_NANOS);
      try {
        if (System.nanoTime() - last >= PERIOD_NANOS) {
          last = System.nanoTime();
          populator.find();
          everySecond.run();
        }
        populator.populate();
      } catch (Throwable failure) {
        failures.accept(failure);
      }
    }
  }
}
