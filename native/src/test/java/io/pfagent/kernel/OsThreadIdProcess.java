package io.pfagent.kernel;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Compares {@link HotSpotThreads} with what threads say of themselves; needs {@code --add-opens
 * java.base/java.lang=ALL-UNNAMED}. Prints {@code matched N}, or what is wrong.
 */
final class OsThreadIdProcess {

  private static final int THREADS = 20;
  private static final int CHURN = 2000;

  private OsThreadIdProcess() {}

  public static void main(String[] args) throws Exception {
    HotSpotThreads threads = HotSpotThreads.open();
    if (!threads.capability().available()) {
      System.out.println(threads.capability());
      return;
    }
    Field eetop = Thread.class.getDeclaredField("eetop");
    eetop.setAccessible(true);

    int matched = compare(threads, eetop);
    check(threads.osThreadId(eetop.getLong(new Thread())) == 0, "a new thread has an id");
    check(threads.osThreadId(0) == 0, "no thread has an id");
    check(threads.osThreadId(4096) == 0, "an unmapped address has an id");
    churn(threads, eetop);
    System.out.println("matched " + matched);
  }

  private static int compare(HotSpotThreads threads, Field eetop) throws Exception {
    AtomicIntegerArray tids = new AtomicIntegerArray(THREADS);
    CountDownLatch started = new CountDownLatch(THREADS);
    CountDownLatch end = new CountDownLatch(1);
    List<Thread> all = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      int index = i;
      Thread thread =
          new Thread(
              () -> {
                tids.set(index, Tasks.currentThreadId());
                started.countDown();
                Threads.await(end);
              });
      thread.start();
      all.add(thread);
    }
    started.await();
    int matched = 0;
    for (int i = 0; i < THREADS; i++) {
      if (threads.osThreadId(eetop.getLong(all.get(i))) == tids.get(i)) {
        matched++;
      }
    }
    end.countDown();
    return matched;
  }

  /** Looks ids up with addresses of threads that are ending or gone: it must survive that. */
  private static void churn(HotSpotThreads threads, Field eetop) throws Exception {
    for (int i = 0; i < CHURN; i++) {
      Thread thread = new Thread(() -> {});
      thread.start();
      long stale = eetop.getLong(thread);
      threads.osThreadId(stale);
      thread.join();
      threads.osThreadId(stale);
      check(threads.osThreadId(eetop.getLong(thread)) == 0, "an ended thread has an id");
    }
  }

  private static void check(boolean condition, String otherwise) {
    if (!condition) {
      throw new AssertionError(otherwise);
    }
  }
}
