package io.pfagent.kernel;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/**
 * The threads of this process as the kernel sees them, those of the JVM and of native libraries
 * included. Reading one thread's counters costs about 9 microseconds, nearly all of it the
 * kernel's.
 *
 * <p>An instance keeps one file descriptor and its buffers, and belongs to one thread at a time. A
 * thread that ends while it is read is simply absent.
 */
public final class Tasks implements AutoCloseable {

  private static final String NAME = "tasks";
  private static final String FALLBACK = "no counters per thread";

  private static final byte[] STAT = "/stat\0".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] IO = "/io\0".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] COMM = "/comm\0".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] STATUS = "/status\0".getBytes(StandardCharsets.US_ASCII);

  // proc(5): times are in ticks of sysconf(_SC_CLK_TCK) per second, 100 on all usual kernels.
  private static final long USUAL_TICKS_PER_SECOND = 100;

  private final Optional<TaskDirectory> directory;
  private final Capability capability;
  private final long nanosPerTick;

  private Tasks(Optional<TaskDirectory> directory, Capability capability) {
    this.directory = directory;
    this.capability = capability;
    this.nanosPerTick = nanosPerTick();
  }

  /** Opens {@code /proc/self/task}; where that is denied, see {@link #capability()}. */
  public static Tasks open() {
    Optional<SystemCallNumbers> numbers = SystemCallNumbers.ofThisMachine();
    if (!LibC.AVAILABLE) {
      return new Tasks(Optional.empty(), unavailable(LibC.CAPABILITY.reason()));
    }
    if (numbers.isEmpty()) {
      return new Tasks(
          Optional.empty(),
          unavailable("no system call numbers for os.arch=" + System.getProperty("os.arch")));
    }
    TaskDirectory directory = new TaskDirectory(numbers.get());
    return new Tasks(
        Optional.of(directory),
        directory.openErrno() == 0
            ? Capability.available(NAME)
            : unavailable("open(/proc/self/task): " + Errno.name(directory.openErrno())));
  }

  /** Whether threads can be listed. */
  public Capability capability() {
    return capability;
  }

  /**
   * Calls the visitor with the counters of each thread. The visitor may call {@link #io} and {@link
   * #status}, but not this method. A thread that starts meanwhile may be missing.
   *
   * @return how many threads were listed, or -1 if they cannot be
   */
  public int forEach(Consumer<TaskStat> visitor) {
    return directory.map(tasks -> tasks.forEach(tid -> stat(tid).ifPresent(visitor))).orElse(-1);
  }

  /**
   * Visits the kernel's id of each thread, which is quicker than to read their counters.
   *
   * @return how many there were, or -1 if they can't be listed
   */
  public int forEachId(IntConsumer visitor) {
    return directory.map(tasks -> tasks.forEach(visitor)).orElse(-1);
  }

  /** The counters of one thread; empty if it has ended or cannot be read. */
  public Optional<TaskStat> stat(int tid) {
    return directory.flatMap(tasks -> TaskStat.parse(tasks.read(tid, STAT), nanosPerTick));
  }

  /** One thread's reads and writes; empty if it has ended or the kernel does not count them. */
  public Optional<TaskIo> io(int tid) {
    return directory.flatMap(tasks -> TaskIo.parse(tasks.read(tid, IO)));
  }

  /** One thread's context switches; empty if it has ended or cannot be read. */
  public Optional<TaskStatus> status(int tid) {
    return directory.flatMap(tasks -> TaskStatus.parse(tasks.read(tid, STATUS)));
  }

  /** One thread's name, at most 15 bytes, see proc_pid_comm(5); empty if it has ended. */
  public Optional<String> name(int tid) {
    return directory
        .map(tasks -> StandardCharsets.UTF_8.decode(tasks.read(tid, COMM)).toString().strip())
        .filter(name -> !name.isEmpty());
  }

  /** Whether the kernel counts reads and writes, as {@code /proc/self/io} tells. */
  public static Capability ioCapability() {
    boolean counted = SmallFile.read(Path.of("/proc/self/io")).orElse("").contains("syscr:");
    return counted
        ? Capability.available("task-io")
        : Capability.unavailable(
            "task-io",
            "/proc/self/io can't be read: the kernel lacks CONFIG_TASK_IO_ACCOUNTING, or the"
                + " process is marked as one not to be traced",
            "read and write calls of threads stay unknown");
  }

  /** The kernel's id of the calling thread, see gettid(2), or -1 if it cannot be asked. */
  public static int currentThreadId() {
    if (!LibC.AVAILABLE) {
      return -1;
    }
    return SystemCallNumbers.ofThisMachine()
        .map(numbers -> (int) LibC.syscall(numbers.gettid(), 0, 0, 0))
        .orElse(-1);
  }

  /** Gives the file descriptor back; threads can't be listed or read any more. */
  @Override
  public void close() {
    directory.ifPresent(TaskDirectory::close);
  }

  private static Capability unavailable(String reason) {
    return Capability.unavailable(NAME, reason, FALLBACK);
  }

  private static long nanosPerTick() {
    long ticksPerSecond = LibC.AVAILABLE ? LibC.sysconf(LibC.SC_CLK_TCK) : USUAL_TICKS_PER_SECOND;
    return TimeUnit.SECONDS.toNanos(1)
        / (ticksPerSecond > 0 ? ticksPerSecond : USUAL_TICKS_PER_SECOND);
  }
}
