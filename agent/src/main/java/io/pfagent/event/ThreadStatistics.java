package io.pfagent.event;

import io.pfagent.kernel.HotSpotThreads;
import io.pfagent.kernel.TaskIo;
import io.pfagent.kernel.TaskStat;
import io.pfagent.kernel.TaskStatus;
import io.pfagent.kernel.Tasks;
import io.pfagent.sample.JavaThreads;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Emits {@code pfagent.ThreadFaults} for the threads whose counters have changed.
 *
 * <p>Reading {@code /proc} costs some 10 us a thread. Where that would be more than 1 % of a
 * processor, with thousands of threads or a short period, calls are left out; the counters are
 * cumulative, so nothing is lost but detail.
 */
public final class ThreadStatistics {

  private static final int REST_FACTOR = 100;

  private static final ThreadFaultsEvent TYPE = new ThreadFaultsEvent();

  private final Tasks tasks;
  private final boolean countsIo;
  private final JavaThreads javaThreads;
  private Map<Integer, Known> known = new HashMap<>();
  private long restUntilNanos = System.nanoTime();

  /**
   * @param countsIo whether reads and writes can be had
   */
  public ThreadStatistics(Tasks tasks, HotSpotThreads hotSpotThreads, boolean countsIo) {
    this.tasks = tasks;
    this.countsIo = countsIo;
    this.javaThreads = new JavaThreads(hotSpotThreads::osThreadId);
  }

  synchronized void emit() {
    long start = System.nanoTime();
    if (!TYPE.isEnabled() || start < restUntilNanos) {
      return;
    }
    Map<Integer, Known> before = known;
    Map<Integer, Known> now = new HashMap<>();
    tasks.forEach(stat -> now.put(stat.tid(), known(stat, before.get(stat.tid()))));
    known = now;
    if (now.values().stream().anyMatch(thread -> thread.lookUp)) {
      javaThreads.refresh();
    }
    now.values().stream().filter(thread -> thread.changed).forEach(this::emit);
    long end = System.nanoTime();
    restUntilNanos = end + (end - start) * REST_FACTOR;
  }

  private static Known known(TaskStat stat, Known before) {
    // The kernel gives the number of an ended thread to a new one: its counters start anew.
    boolean fresh = before == null || stat.minorFaults() < before.stat.minorFaults();
    return new Known(stat, fresh ? null : before);
  }

  private void emit(Known thread) {
    int tid = thread.stat.tid();
    if (thread.lookUp) {
      thread.target = new WeakReference<>(javaThreads.find(tid));
      thread.osName = tasks.name(tid).orElse(null);
    }
    Optional<TaskIo> io = countsIo ? tasks.io(tid) : Optional.empty();
    Optional<TaskStatus> status = tasks.status(tid);
    ThreadFaultsEvent event = new ThreadFaultsEvent();
    event.target = thread.target.get();
    event.osThreadId = tid;
    event.osName = thread.osName;
    event.minorFaults = thread.stat.minorFaults();
    event.majorFaults = thread.stat.majorFaults();
    event.userTime = thread.stat.userNanos();
    event.systemTime = thread.stat.systemNanos();
    event.voluntarySwitches = status.map(TaskStatus::voluntarySwitches).orElse(-1L);
    event.involuntarySwitches = status.map(TaskStatus::involuntarySwitches).orElse(-1L);
    event.readCalls = io.map(TaskIo::readCalls).orElse(-1L);
    event.writeCalls = io.map(TaskIo::writeCalls).orElse(-1L);
    event.commit();
  }

  /** What is remembered of a thread from one call to the next. */
  private static final class Known {
    /** A thread is young at first: its name, and the JVM's knowledge of it, come a bit later. */
    private static final int LOOK_UPS = 3;

    private final TaskStat stat;
    private final boolean changed;
    private final boolean lookUp;
    private final int emissions;
    private WeakReference<Thread> target;
    private String osName;

    Known(TaskStat stat, Known before) {
      this.stat = stat;
      this.changed = before == null || !stat.equals(before.stat);
      this.emissions = (before == null ? 0 : before.emissions) + (changed ? 1 : 0);
      this.lookUp = changed && emissions <= LOOK_UPS;
      this.target = before == null ? new WeakReference<>(null) : before.target;
      this.osName = before == null ? null : before.osName;
    }
  }
}
