package io.pfagent.kernel;

import java.util.BitSet;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Samples the page faults of this process with software perf events, see perf_event_open(2): those
 * that the program raises itself and, where that is allowed, those that the kernel raises on its
 * behalf. The threads that fault run nothing of ours, the kernel writes each sample into the ring
 * of the processor.
 *
 * <p>All methods but {@link #wake()}, {@link #period()} and {@link #userFaults()} are for the one
 * thread that has opened it and reads the rings; it must live as long as the sampling.
 */
public final class FaultSampling implements AutoCloseable {

  /** Name of the capability. */
  public static final String NAME = "perf-page-faults";

  /** Name of the capability to sample faults that the kernel raises, too. */
  public static final String IN_KERNEL = "perf-kernel-page-faults";

  private static final String FALLBACK =
      "no sampled faults; user-side and kernel-side faults are not told apart";
  private static final String IN_KERNEL_FALLBACK =
      "faults that the kernel raises are counted for the process, and not sampled";

  private final SampleSetUp setUp;
  private final long perfEventOpen;
  private final BitSet cpus;
  private final EventTable table = new EventTable();
  private SampleBuffers buffers;
  private SideEvents user;

  /** Null where it is denied. */
  private SideEvents kernel;

  private Capability inKernel = notInKernel("not tried yet");
  private volatile long period;
  private boolean isResting;
  private boolean isRestingEntirely;
  private boolean isClosed;

  private FaultSampling(SampleSetUp setUp, long perfEventOpen, BitSet cpus) {
    this.setUp = setUp;
    this.perfEventOpen = perfEventOpen;
    this.cpus = cpus;
  }

  /** What opening gave: sampling that runs, or the reason why there is none. */
  public record Opened(Optional<FaultSampling> sampling, Capability capability) {}

  /**
   * Starts to sample; the calling thread must be the one that will read.
   *
   * @param period a sample for each so many minor faults, from 1; major faults are few and dear,
   *     each gives a sample
   */
  public static Opened open(SampleSetUp setUp, long period) {
    return open(setUp, period, null);
  }

  /**
   * Goes on with another set-up, without a gap: once the other events are there, these stop. Then
   * this one must be drained and closed; if it could not be done, this one goes on.
   */
  public Opened reopen(SampleSetUp other) {
    return open(other, period, this);
  }

  private static Opened open(SampleSetUp setUp, long period, FaultSampling before) {
    Optional<SystemCallNumbers> numbers = SystemCallNumbers.ofThisMachine();
    if (!LibC.AVAILABLE) {
      return denied(LibC.CAPABILITY.reason());
    }
    if (numbers.isEmpty()) {
      return denied("no system call numbers for os.arch=" + System.getProperty("os.arch"));
    }
    BitSet cpus = CpuList.ofThisProcess();
    if (cpus.isEmpty()) {
      return denied("/proc/self/status doesn't tell which processors may be used");
    }
    FaultSampling sampling = new FaultSampling(setUp, numbers.get().perfEventOpen(), cpus);
    try {
      sampling.prepare(period);
      if (before == null) {
        sampling.enable();
      } else {
        sampling.takeOver(before);
      }
      return new Opened(Optional.of(sampling), Capability.available(NAME));
    } catch (DeniedException denied) {
      sampling.close();
      return denied(denied.getMessage());
    }
  }

  private void prepare(long newPeriod) throws DeniedException {
    buffers = SampleBuffers.open(perfEventOpen, setUp, table, cpus);
    user = openUser(newPeriod);
    try {
      kernel = SideEvents.open(this::openEvents, true, newPeriod);
      inKernel = Capability.available(IN_KERNEL);
    } catch (DeniedException denied) {
      inKernel = notInKernel(denied.getMessage());
    }
    period = newPeriod;
  }

  private SideEvents openUser(long newPeriod) throws DeniedException {
    try {
      return SideEvents.open(this::openEvents, false, newPeriod);
    } catch (DeniedException denied) {
      if (!buffers.hasPrograms()) {
        throw denied;
      }
      buffers.dropPrograms(denied.getMessage());
      return SideEvents.open(this::openEvents, false, newPeriod);
    }
  }

  private FaultEvents openEvents(FaultClass faults, long newPeriod) throws DeniedException {
    SampleLayout layout = faults.inKernel() ? setUp.layout().inKernel() : setUp.layout();
    FaultEvents events =
        FaultEvents.open(perfEventOpen, faults, newPeriod, layout, buffers.outputs(faults));
    table.add(events.ids(), new EventTable.Entry(faults, newPeriod));
    return events;
  }

  private void enable() {
    user.enable();
    if (kernel != null) {
      kernel.enable();
    }
  }

  private void takeOver(FaultSampling before) {
    user.takeOver(before.user);
    if (kernel != null && before.kernel != null) {
      kernel.takeOver(before.kernel);
    } else if (kernel != null) {
      kernel.enable();
    } else if (before.kernel != null) {
      before.kernel.disable();
    }
  }

  /** Whether faults that the kernel raises are sampled too, and if not, what to change. */
  public Capability inKernel() {
    return inKernel;
  }

  /**
   * Whether a BPF program writes the samples of faults raised in user mode, and if not, what to
   * change; empty where the set-up doesn't ask for it.
   */
  public Optional<Capability> byProgram() {
    return buffers.byProgram();
  }

  /** The period of minor faults. */
  public long period() {
    return period;
  }

  /**
   * Stops to count and to sample minor faults, which costs each of them time also where it gives no
   * sample, until {@link #setPeriod} has it go on. Major faults are few and are sampled all the
   * same.
   */
  public synchronized void rest() {
    forEachSide(side -> table.end(side.restMinor().ids()));
    isResting = true;
  }

  /**
   * Stops to count and to sample major faults, too: each switch between threads costs time as long
   * as there are events, whether anything faults or not. Those that hold the rings are no
   * exception, though they are the reader's alone (perf_sched_events in kernel/events/core.c), so
   * the next {@link #drain} closes them.
   */
  public synchronized void restEntirely() {
    rest();
    forEachSide(side -> table.end(side.restMajor().ids()));
    isRestingEntirely = true;
  }

  /** Whether minor faults go by uncounted, or all. */
  public boolean isResting() {
    return isResting;
  }

  /** What samples of minor faults stand for; for the thread that drains. */
  public SampleWeights minorWeights() {
    return table.minorWeights();
  }

  /** What samples of major faults stand for; for the thread that drains. */
  public SampleWeights majorWeights() {
    return table.majorWeights();
  }

  /**
   * Changes the period of minor faults, and ends a rest. It opens events anew for all threads, some
   * 10 us each; a fault that falls into the change may be counted by both or neither.
   *
   * @return why it could not be changed and all stays as it is, if so
   */
  public synchronized Optional<String> setPeriod(long newPeriod) {
    boolean hadRings = buffers.hasRings();
    SideEvents.Next userNext = null;
    SideEvents.Next kernelNext = null;
    try {
      if (!hadRings) {
        buffers.openRings();
      }
      userNext = user.openNext(newPeriod);
      kernelNext = kernel == null ? null : kernel.openNext(newPeriod);
    } catch (DeniedException denied) {
      if (userNext != null) {
        userNext.close();
      }
      if (!hadRings) {
        buffers.closeRings();
      }
      return Optional.of(denied.getMessage());
    }
    table.end(user.replace(userNext).ids());
    if (kernel != null) {
      table.end(kernel.replace(kernelNext).ids());
    }
    isResting = false;
    isRestingEntirely = false;
    period = newPeriod;
    return Optional.empty();
  }

  private void forEachSide(Consumer<SideEvents> action) {
    action.accept(user);
    if (kernel != null) {
      action.accept(kernel);
    }
  }

  /**
   * Whether this process may now run on a processor that has no ring (its cpuset has changed): then
   * sampling must be closed and opened again.
   */
  public boolean missesProcessors() {
    BitSet now = CpuList.ofThisProcess();
    now.andNot(cpus);
    return !now.isEmpty();
  }

  /** Waits until a ring is a quarter full, {@link #wake} is called, or the time is over. */
  public void await(int millis) {
    buffers.await(millis);
  }

  /** Ends an {@link #await}, the one that runs or the next one. Any thread may call it. */
  public void wake() {
    buffers.wake();
  }

  /**
   * Visits what the rings hold.
   *
   * @return how many samples there were
   */
  public int drain(Consumer<FaultRecord> visitor) {
    int samples = buffers.drain(visitor);
    table.forgetEnded();
    if (isRestingEntirely) {
      buffers.closeRings();
    }
    return samples;
  }

  /** Samples that found no room in a ring, as far as the kernel has told, since the last call. */
  public long takeLost() {
    return buffers.takeLost();
  }

  /** All faults raised in user mode since the start, sampled or not; unknown if unreadable. */
  public synchronized FaultCounts userFaults() {
    return isClosed ? FaultCounts.UNKNOWN : user.counts();
  }

  /** Bytes of each ring: what its share and the limit for locked memory have left of it. */
  public int ringBytes() {
    return buffers.ringBytes();
  }

  /** Ends the sampling; what the rings still hold is lost. */
  @Override
  public synchronized void close() {
    isClosed = true;
    if (user != null) {
      user.close();
    }
    if (kernel != null) {
      kernel.close();
    }
    if (buffers != null) {
      buffers.close();
    }
  }

  private static Opened denied(String reason) {
    return new Opened(Optional.empty(), Capability.unavailable(NAME, reason, FALLBACK));
  }

  private static Capability notInKernel(String reason) {
    return Capability.unavailable(IN_KERNEL, reason, IN_KERNEL_FALLBACK);
  }
}
