package io.pfagent.kernel;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Counts the page faults that this process raises in user mode, with software perf events, see
 * perf_event_open(2). What getrusage(2) counts beyond them, the kernel raised itself, for example
 * for a {@code read()} into fresh memory.
 *
 * <p>One event is opened per thread that exists; threads that these start inherit it, child
 * processes do not (before Linux 5.13 they do). The events only count, there is no ring buffer.
 * Safe for several threads.
 *
 * <p>A fault costs some 3 % more with the counters, and a context switch is dearer: a round trip
 * between two threads takes 1.1 times as long if they started after {@link #open()}, and 1.3 times
 * if they were there before, so open the counters early. Each read costs one system call per event.
 */
public final class PerfFaultCounters implements AutoCloseable {

  private static final String NAME = "perf-fault-counters";
  private static final String FALLBACK = "user-side and kernel-side faults are not told apart";

  private static final int ANY_CPU = -1;
  private static final int NO_GROUP = -1;
  private static final int PERF_FLAG_FD_CLOEXEC = 8;

  // Threads that start while events are being opened make the list stale; then all is done again.
  private static final int MOST_ATTEMPTS = 10;

  private final ByteBuffer value = LibC.newBuffer(Long.BYTES);
  private final Capability capability;
  private int[] fds;

  private PerfFaultCounters(int[] fds, Capability capability) {
    this.fds = fds;
    this.capability = capability;
  }

  /** Starts counting; where that is denied, see {@link #capability()}. */
  public static PerfFaultCounters open() {
    Optional<SystemCallNumbers> numbers = SystemCallNumbers.ofThisMachine();
    if (!LibC.AVAILABLE) {
      return denied(LibC.CAPABILITY.reason());
    }
    if (numbers.isEmpty()) {
      return denied("no system call numbers for os.arch=" + System.getProperty("os.arch"));
    }
    return new Opener(numbers.get().perfEventOpen()).open();
  }

  /** Whether user-side faults are counted; if not, what to change. */
  public Capability capability() {
    return capability;
  }

  /** Faults raised in user mode since the counters were opened, or -1 if not counted. */
  public synchronized long userFaults() {
    if (!capability.available() || fds.length == 0) {
      return -1;
    }
    long address = LibC.address(value);
    long sum = 0;
    for (int fd : fds) {
      if (LibC.read(fd, address, Long.BYTES) != Long.BYTES) {
        return -1;
      }
      sum += value.getLong(0);
    }
    return sum;
  }

  /** Stops counting and gives the file descriptors back. */
  @Override
  public synchronized void close() {
    for (int fd : fds) {
      LibC.close(fd);
    }
    fds = new int[0];
  }

  private static PerfFaultCounters denied(String reason) {
    return new PerfFaultCounters(new int[0], Capability.unavailable(NAME, reason, FALLBACK));
  }

  /** The way from nothing to one event on each thread, or back to nothing. */
  private static final class Opener {

    private final long perfEventOpen;
    private final List<Integer> opened = new ArrayList<>();
    private ByteBuffer attr = PerfEventAttr.userPageFaults(true);

    Opener(long perfEventOpen) {
      this.perfEventOpen = perfEventOpen;
    }

    PerfFaultCounters open() {
      try (Tasks tasks = Tasks.open()) {
        Set<Integer> covered = threads(tasks);
        for (int attempt = 1; ; attempt++) {
          if (covered.isEmpty()) {
            return denied("/proc/self/task cannot be listed; " + tasks.capability().reason());
          }
          Optional<String> reason = openAll(covered);
          if (reason.isPresent()) {
            closeAll();
            return denied(reason.get());
          }
          // A thread that started meanwhile has the event if its parent had it by then, which
          // nobody can tell; a second event on it would count twice.
          Set<Integer> now = threads(tasks);
          if (covered.containsAll(now) || attempt == MOST_ATTEMPTS) {
            return counters();
          }
          closeAll();
          covered = now;
        }
      }
    }

    private Set<Integer> threads(Tasks tasks) {
      Set<Integer> tids = new TreeSet<>();
      tasks.forEach(stat -> tids.add(stat.tid()));
      return tids;
    }

    /** Opens an event per thread; returns why it failed, if it did. */
    private Optional<String> openAll(Set<Integer> tids) {
      long free = FileDescriptors.free().orElse(Long.MAX_VALUE);
      if (tids.size() > free / 2) {
        return Optional.of(
            ("%d threads need as many file descriptors; only %d are free, and half of these stay"
                    + " with the application; raise the limit with ulimit -n")
                .formatted(tids.size(), free));
      }
      for (int tid : tids) {
        int errno = open(tid);
        if (errno == Errno.EINVAL) {
          attr = PerfEventAttr.userPageFaults(false);
          errno = open(tid);
        }
        if (errno != 0 && errno != Errno.ESRCH) { // ESRCH: the thread has ended
          return Optional.of(PerfDenial.ofThisProcess().reason(errno));
        }
      }
      return Optional.empty();
    }

    /** Opens one thread's event; returns 0 or the error number. */
    private int open(int tid) {
      int fd =
          (int)
              LibC.syscall(
                  perfEventOpen, LibC.address(attr), tid, ANY_CPU, NO_GROUP, PERF_FLAG_FD_CLOEXEC);
      if (fd < 0) {
        return LibC.errno();
      }
      opened.add(fd);
      return 0;
    }

    private void closeAll() {
      opened.forEach(LibC::close);
      opened.clear();
    }

    private PerfFaultCounters counters() {
      int[] fds = opened.stream().mapToInt(Integer::intValue).toArray();
      return new PerfFaultCounters(fds, Capability.available(NAME));
    }
  }
}
