package io.pfagent.sample;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongToIntFunction;

/**
 * The kernel's thread ids of Java's platform threads. Used by one thread.
 *
 * <p>Needs {@code java.lang} opened to the agent: {@code Thread.eetop} is the address of the
 * virtual machine's own thread object, from which the id is read.
 */
public final class JavaThreads {

  private final LongToIntFunction osThreadId;
  private final VarHandle eetop;
  private Map<Integer, WeakReference<Thread>> byOsThreadId = Map.of();

  /**
   * @param osThreadId the kernel's id of the thread whose {@code eetop} is given, 0 if unknown
   */
  public JavaThreads(LongToIntFunction osThreadId) {
    this.osThreadId = osThreadId;
    this.eetop = eetop();
  }

  /** Looks at all live threads again. */
  public void refresh() {
    Map<Integer, WeakReference<Thread>> found = new HashMap<>();
    if (eetop != null) {
      for (Thread thread : liveThreads()) {
        if (thread != null) {
          int id = osThreadId.applyAsInt((long) eetop.getVolatile(thread));
          if (id > 0) {
            found.put(id, new WeakReference<>(thread));
          }
        }
      }
    }
    byOsThreadId = found;
  }

  /** The Java thread as of the last {@link #refresh}, or null if it is none or unknown. */
  public Thread find(int id) {
    WeakReference<Thread> thread = byOsThreadId.get(id);
    return thread == null ? null : thread.get();
  }

  private static Thread[] liveThreads() {
    ThreadGroup root = Thread.currentThread().getThreadGroup();
    while (root.getParent() != null) {
      root = root.getParent();
    }
    Thread[] threads = new Thread[root.activeCount() + 16];
    int count = root.enumerate(threads, true);
    while (count == threads.length) {
      threads = new Thread[threads.length * 2];
      count = root.enumerate(threads, true);
    }
    return threads;
  }

  private static VarHandle eetop() {
    try {
      return MethodHandles.privateLookupIn(Thread.class, MethodHandles.lookup())
          .findVarHandle(Thread.class, "eetop", long.class);
    } catch (ReflectiveOperationException changed) {
      return null;
    }
  }
}
