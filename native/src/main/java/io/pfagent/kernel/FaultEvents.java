package io.pfagent.kernel;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The perf events of one class of faults and one period: one per thread that exists and processor,
 * writing to the processor's ring; threads that these start inherit them, child processes do not
 * (before Linux 5.13 they do).
 *
 * <p>A period can't be changed where events were inherited (the kernel's PERF_EVENT_IOC_PERIOD does
 * not reach the children), so another period is another set.
 */
final class FaultEvents implements AutoCloseable {

  /** The kernel writes the samples itself. */
  static final int NO_PROGRAM = -1;

  private static final int NO_GROUP = -1;
  private static final int PERF_FLAG_FD_CLOEXEC = 8;

  // include/uapi/linux/perf_event.h: _IO('$', 0), _IO('$', 1), _IO('$', 5), _IOR('$', 7, __u64 *),
  // _IOW('$', 8, __u32).
  private static final long PERF_EVENT_IOC_ENABLE = 0x2400;
  private static final long PERF_EVENT_IOC_DISABLE = 0x2401;
  private static final long PERF_EVENT_IOC_SET_OUTPUT = 0x2405;
  private static final long PERF_EVENT_IOC_ID = 0x80082407L;
  private static final long PERF_EVENT_IOC_SET_BPF = 0x40042408L;

  // Threads that start while events are being opened make the list stale; then all is done again.
  private static final int MOST_ATTEMPTS = 10;

  private final List<Integer> fds;
  private final ByteBuffer value = LibC.newBuffer(Long.BYTES);

  private final long[] ids;

  private FaultEvents(List<Integer> fds) {
    this.fds = fds;
    this.ids = readIds();
  }

  /**
   * Opens the events, disabled.
   *
   * @param outputs per processor the event that holds its ring
   * @throws DeniedException if the kernel refuses, or file descriptors would run short
   */
  static FaultEvents open(
      long perfEventOpen, FaultClass faults, long period, SampleLayout layout, List<Output> outputs)
      throws DeniedException {
    try (Tasks tasks = Tasks.open()) {
      Set<Integer> covered = threads(tasks);
      for (int attempt = 1; ; attempt++) {
        if (covered.isEmpty()) {
          throw new DeniedException("/proc/self/task can't be listed");
        }
        List<Integer> fds =
            new Opener(perfEventOpen, faults, period, layout, outputs).openAll(covered);
        // A thread that started meanwhile has the events if its parent had them by then, which
        // nobody can tell; a second event on it would count twice.
        Set<Integer> now = threads(tasks);
        if (covered.containsAll(now) || attempt == MOST_ATTEMPTS) {
          return new FaultEvents(fds);
        }
        fds.forEach(LibC::close);
        covered = now;
      }
    }
  }

  /** No events, which count nothing. */
  static FaultEvents none() {
    return new FaultEvents(new ArrayList<>());
  }

  /**
   * Where samples of a processor go.
   *
   * @param fd the event whose ring takes them
   * @param program that writes them in the kernel's place, or {@link #NO_PROGRAM}
   */
  record Output(int cpu, int fd, int program) {}

  void enable() {
    fds.forEach(fd -> LibC.ioctl(fd, PERF_EVENT_IOC_ENABLE, 0));
  }

  void disable() {
    fds.forEach(fd -> LibC.ioctl(fd, PERF_EVENT_IOC_DISABLE, 0));
  }

  /**
   * Enables these and disables the others, thread by thread: to go through all threads takes
   * milliseconds, and each should have one of both meanwhile.
   */
  void takeOver(FaultEvents before) {
    for (int i = 0; i < Math.max(fds.size(), before.fds.size()); i++) {
      if (i < fds.size()) {
        LibC.ioctl(fds.get(i), PERF_EVENT_IOC_ENABLE, 0);
      }
      if (i < before.fds.size()) {
        LibC.ioctl(before.fds.get(i), PERF_EVENT_IOC_DISABLE, 0);
      }
    }
  }

  /** Faults counted so far, those that gave no sample included; -1 if they can't be read. */
  long count() {
    long sum = 0;
    long address = LibC.address(value);
    for (int fd : fds) {
      if (LibC.read(fd, address, Long.BYTES) != Long.BYTES) {
        return -1;
      }
      sum += value.getLong(0);
    }
    return sum;
  }

  /** The ids that samples of these events carry, sorted. */
  long[] ids() {
    return ids;
  }

  /** Ends the events in all threads and gives the file descriptors back. */
  @Override
  public void close() {
    fds.forEach(LibC::close);
    fds.clear();
  }

  private long[] readIds() {
    long address = LibC.address(value);
    long[] read = new long[fds.size()];
    for (int i = 0; i < read.length; i++) {
      LibC.ioctl(fds.get(i), PERF_EVENT_IOC_ID, address);
      read[i] = value.getLong(0);
    }
    Arrays.sort(read);
    return read;
  }

  private static Set<Integer> threads(Tasks tasks) {
    Set<Integer> tids = new TreeSet<>();
    tasks.forEachId(tids::add);
    return tids;
  }

  /** One attempt: an event for each thread on each processor, or nothing. */
  private static final class Opener {

    private final long perfEventOpen;
    private final FaultClass faults;
    private final long period;
    private final SampleLayout layout;
    private final List<Output> outputs;
    private final List<Integer> fds = new ArrayList<>();
    private ByteBuffer attr;

    Opener(
        long perfEventOpen,
        FaultClass faults,
        long period,
        SampleLayout layout,
        List<Output> outputs) {
      this.perfEventOpen = perfEventOpen;
      this.faults = faults;
      this.period = period;
      this.layout = layout;
      this.outputs = outputs;
      this.attr = attr(true);
    }

    List<Integer> openAll(Set<Integer> tids) throws DeniedException {
      checkDescriptors((long) tids.size() * outputs.size());
      for (int tid : tids) {
        for (Output output : outputs) {
          if (!open(tid, output)) {
            break; // the thread has ended
          }
        }
      }
      return fds;
    }

    /** A change of the period needs as many once more for a moment, for faults in user mode. */
    private void checkDescriptors(long needed) throws DeniedException {
      long free = FileDescriptors.free().orElse(Long.MAX_VALUE);
      long most = faults.inKernel() ? free / 4 : free / 2;
      if (needed > most) {
        throw new DeniedException(
            ("the threads need %d file descriptors, one per processor; of %d free ones %d may be"
                    + " taken, the others stay with the application; raise the limit with ulimit"
                    + " -n")
                .formatted(needed, free, most));
      }
    }

    private boolean open(int tid, Output output) throws DeniedException {
      int fd = perfEventOpen(tid, output.cpu());
      if (fd < 0 && LibC.errno() == Errno.EINVAL) {
        attr = attr(false);
        fd = perfEventOpen(tid, output.cpu());
      }
      if (fd < 0) {
        int errno = LibC.errno();
        if (errno == Errno.ESRCH) {
          return false;
        }
        throw denied(PerfDenial.ofThisProcess().reason(errno, faults.inKernel()));
      }
      fds.add(fd);
      if (LibC.ioctl(fd, PERF_EVENT_IOC_SET_OUTPUT, output.fd()) != 0) {
        throw denied("ioctl(PERF_EVENT_IOC_SET_OUTPUT): " + Errno.name(LibC.errno()));
      }
      if (output.program() != NO_PROGRAM
          && LibC.ioctl(fd, PERF_EVENT_IOC_SET_BPF, output.program()) != 0) {
        throw denied("ioctl(PERF_EVENT_IOC_SET_BPF): " + Errno.name(LibC.errno()));
      }
      return true;
    }

    private int perfEventOpen(int tid, int cpu) {
      return (int)
          LibC.syscall(perfEventOpen, LibC.address(attr), tid, cpu, NO_GROUP, PERF_FLAG_FD_CLOEXEC);
    }

    private DeniedException denied(String reason) {
      fds.forEach(LibC::close);
      return new DeniedException(reason);
    }

    private ByteBuffer attr(boolean threadsOnly) {
      ByteBuffer common = PerfEventAttr.pageFaults(faults, period, layout, threadsOnly);
      boolean byProgram = outputs.stream().anyMatch(output -> output.program() != NO_PROGRAM);
      return byProgram ? PerfEventAttr.byProgram(common) : common;
    }
  }
}
