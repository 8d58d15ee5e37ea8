package io.pfagent.prealloc;

/** Runs an action when the JVM ends in an orderly way: exit, last thread, SIGTERM. */
final class ShutdownHook {

  private final Thread thread;
  private boolean added;

  ShutdownHook(Runnable action) {
    thread = new Thread(action, "pfagent-restore");
  }

  /**
   * From now on it will run.
   *
   * @throws IllegalStateException if the JVM is ending already
   */
  synchronized void add() {
    if (!added) {
      Runtime.getRuntime().addShutdownHook(thread);
      added = true;
    }
  }

  synchronized void remove() {
    if (!added) {
      return;
    }
    try {
      Runtime.getRuntime().removeShutdownHook(thread);
      added = false;
    } catch (IllegalStateException ending) {
      // Then it runs now, and finds nothing left to do.
    }
  }
}
