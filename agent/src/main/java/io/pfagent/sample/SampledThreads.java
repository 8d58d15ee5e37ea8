package io.pfagent.sample;

import io.pfagent.kernel.Tasks;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Who the threads are that fault. The kernel gives the number of a thread that has ended to another
 * one, so what is known is looked up again after a while, and as soon as the Java thread has ended.
 * Used by one thread.
 */
final class SampledThreads {

  private static final long STALE_NANOS = 10_000_000_000L;

  /** To look for Java threads takes a while where there are many: not for every new number. */
  private static final long REFRESH_REST_NANOS = 50_000_000L;

  private static final int MOST_KNOWN = 100_000;

  private static final List<String> COLLECTORS =
      List.of("GC Thread", "G1 ", "VM Thread", "Z", "Shenandoah", "ParGC", "Concurrent Mark");

  private final JavaThreads javaThreads;
  private final Tasks tasks;
  private final Map<Integer, Known> known = new HashMap<>();
  private long refreshedAtNanos = System.nanoTime() - REFRESH_REST_NANOS;
  private int lastNumber;

  SampledThreads(JavaThreads javaThreads, Tasks tasks) {
    this.javaThreads = javaThreads;
    this.tasks = tasks;
  }

  /**
   * A thread that has faulted.
   *
   * @param number differs from those of all others, also of the same id
   * @param javaThread refers to null if it is none, or its end came first
   * @param osName null if it has ended
   * @param isCollector whether it works for the garbage collector
   * @param sinceNanos when this was looked up
   * @param before who was known by this id before, or null
   */
  record Known(
      int number,
      int osThreadId,
      WeakReference<Thread> javaThread,
      long javaId,
      String javaName,
      String osName,
      boolean isCollector,
      long sinceNanos,
      Known before) {

    private boolean isGood(long nowNanos) {
      Thread thread = javaThread.get();
      return nowNanos - sinceNanos < STALE_NANOS && (thread == null || thread.isAlive());
    }

    private Known asOf(Known later) {
      return new Known(
          number,
          osThreadId,
          later.javaThread,
          javaId,
          javaName,
          osName,
          isCollector,
          later.sinceNanos,
          before);
    }

    private Known after(Known earlier) {
      return new Known(
          number,
          osThreadId,
          javaThread,
          javaId,
          javaName,
          osName,
          isCollector,
          sinceNanos,
          earlier.before == null ? earlier : earlier.withoutBefore());
    }

    private Known withoutBefore() {
      return new Known(
          number, osThreadId, javaThread, javaId, javaName, osName, isCollector, sinceNanos, null);
    }

    private boolean isSameAs(Known other) {
      return javaId == other.javaId
          && Objects.equals(javaName, other.javaName)
          && Objects.equals(osName, other.osName);
    }
  }

  /**
   * Learns who the threads are that live now: one that ends soon after its fault can't be asked for
   * its name any more.
   */
  void learn() {
    long now = System.nanoTime();
    javaThreads.refresh();
    refreshedAtNanos = now;
    tasks.forEach(
        stat -> {
          if (!known.containsKey(stat.tid())) {
            known.put(stat.tid(), lookUp(stat.tid(), now));
          }
        });
  }

  /** The thread that had this number of the kernel's at that time, not long ago. */
  Known find(int tid, long nanos) {
    Known thread = known.get(tid);
    // The fault's time is near enough, and costs nothing.
    if (thread == null || !thread.isGood(nanos)) {
      thread = renew(tid, thread, System.nanoTime());
    }
    // The one that had the number before: found out only when it was looked up again.
    return thread.before() != null && nanos - thread.sinceNanos() < 0 ? thread.before() : thread;
  }

  private Known renew(int tid, Known before, long now) {
    if (known.size() > MOST_KNOWN) {
      known.clear();
    }
    Known fresh = lookUp(tid, now);
    if (before != null) {
      // Where it has ended, nobody has its number yet: the samples are still its own.
      fresh =
          fresh.osName() == null || fresh.isSameAs(before)
              ? before.asOf(fresh)
              : fresh.after(before);
    }
    known.put(tid, fresh);
    return fresh;
  }

  private Known lookUp(int tid, long now) {
    Thread thread = javaThreads.find(tid);
    if ((thread == null || !thread.isAlive()) && now - refreshedAtNanos > REFRESH_REST_NANOS) {
      javaThreads.refresh();
      refreshedAtNanos = System.nanoTime();
      thread = javaThreads.find(tid);
    }
    String osName = tasks.name(tid).orElse(null);
    boolean isCollector = thread == null && osName != null && isCollector(osName);
    return new Known(
        ++lastNumber,
        tid,
        new WeakReference<>(thread),
        thread == null ? 0 : thread.getId(),
        thread == null ? null : thread.getName(),
        osName,
        isCollector,
        now,
        null);
  }

  private static boolean isCollector(String osName) {
    return COLLECTORS.stream().anyMatch(osName::startsWith);
  }
}
