package io.pfagent.kernel;

/**
 * The thread that JNA starts with its first library. It ends by itself only once nothing is left
 * for it to watch, which may be never in a JVM that doesn't collect garbage.
 */
public final class JnaThreads {

  private static final String CLEANER = "com.sun.jna.internal.Cleaner$CleanerThread";

  private static final long MOST_WAIT_MILLIS = 1000;

  private JnaThreads() {}

  /**
   * Ends the thread of this copy of JNA; one that the application brings keeps its own. To be
   * called when nothing of this package is used any more.
   */
  public static void end() {
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getClass().getName().equals(CLEANER)
          && thread.getClass().getClassLoader() == JnaThreads.class.getClassLoader()) {
        thread.interrupt();
        join(thread);
      }
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join(MOST_WAIT_MILLIS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
