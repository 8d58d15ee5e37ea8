package io.pfagent.kernel;

import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Where samples lie until they are read: the rings that the kernel writes, and those of the BPF
 * programs that do so where the set-up asks for it and the kernel allows it. All methods but {@link
 * #wake()} are for the one thread that has opened them.
 */
final class SampleBuffers implements AutoCloseable {

  /** Name of the capability to have a BPF program write the samples. */
  private static final String BY_PROGRAM = "bpf-page-faults";

  private static final String FALLBACK =
      "the kernel writes all samples itself, which costs each of them more";

  private final long perfEventOpen;
  private final SampleSetUp setUp;
  private final EventTable events;
  private final BitSet cpus;

  /** Whom {@link #wake()} wakes while there are no rings. */
  private final Thread reader = Thread.currentThread();

  private volatile SampleRings rings;
  private boolean hasRings;
  private long lostOfClosedRings;

  /** Null where the kernel writes all samples itself. */
  private ProgramRings programs;

  private Optional<Capability> byProgram = Optional.empty();

  private SampleBuffers(long perfEventOpen, SampleSetUp setUp, EventTable events, BitSet cpus) {
    this.perfEventOpen = perfEventOpen;
    this.setUp = setUp;
    this.events = events;
    this.cpus = cpus;
  }

  /**
   * Maps them.
   *
   * @param perfEventOpen number of the system call
   * @param events what the ids in samples mean
   * @param cpus the processors, one at least
   * @throws DeniedException if the kernel refuses its rings
   */
  static SampleBuffers open(long perfEventOpen, SampleSetUp setUp, EventTable events, BitSet cpus)
      throws DeniedException {
    SampleBuffers opened = new SampleBuffers(perfEventOpen, setUp, events, cpus);
    opened.openRings();
    if (setUp.byProgram()) {
      opened.loadPrograms();
    }
    return opened;
  }

  /** Whether the kernel's rings are there. */
  boolean hasRings() {
    return hasRings;
  }

  /** Maps the kernel's rings again. */
  void openRings() throws DeniedException {
    rings = SampleRings.open(perfEventOpen, setUp, events, cpus);
    hasRings = true;
  }

  /** Gives the kernel's rings back, for their events cost switches between threads time. */
  void closeRings() {
    if (hasRings) {
      hasRings = false;
      lostOfClosedRings += rings.takeLost();
      rings.close();
    }
  }

  /** Whether programs write samples, and if not, what to change; empty where not asked for. */
  Optional<Capability> byProgram() {
    return byProgram;
  }

  /** Whether programs write samples of minor faults that are raised in user mode. */
  boolean hasPrograms() {
    return programs != null;
  }

  /** The kernel is to write all samples itself. */
  void dropPrograms(String reason) {
    if (programs != null) {
      programs.close();
      programs = null;
    }
    byProgram = Optional.of(Capability.unavailable(BY_PROGRAM, reason, FALLBACK));
  }

  /** Per processor where samples of these faults go. */
  List<FaultEvents.Output> outputs(FaultClass faults) {
    return programs != null && faults == FaultClass.USER_MINOR
        ? programs.withPrograms(rings.outputs())
        : rings.outputs();
  }

  /** Waits until a ring is a quarter full, {@link #wake} is called, or the time is over. */
  void await(int millis) {
    if (hasRings) {
      rings.await(millis);
    } else {
      LockSupport.parkNanos(this, TimeUnit.MILLISECONDS.toNanos(millis));
    }
  }

  /** Ends an {@link #await}, the one that runs or the next one. Any thread may call it. */
  void wake() {
    rings.wake();
    LockSupport.unpark(reader);
  }

  /**
   * Visits what they hold.
   *
   * @return how many samples there were
   */
  int drain(Consumer<FaultRecord> visitor) {
    int samples = rings.drain(visitor);
    return programs == null ? samples : samples + programs.drain(visitor);
  }

  /** Samples that found no room, as far as the kernel has told, since the last call. */
  long takeLost() {
    long lost = lostOfClosedRings + rings.takeLost();
    lostOfClosedRings = 0;
    return programs == null ? lost : lost + programs.takeLost();
  }

  /** Bytes of the smallest of the kernel's rings. */
  int ringBytes() {
    return rings.ringBytes();
  }

  /** Gives all back; what they still hold is lost. The events must have ended. */
  @Override
  public void close() {
    if (programs != null) {
      programs.close();
      programs = null;
    }
    rings.close();
  }

  private void loadPrograms() {
    try {
      programs = ProgramRings.open(cpus, SampleRings.share(setUp, cpus), events);
      byProgram = Optional.of(Capability.available(BY_PROGRAM));
    } catch (DeniedException denied) {
      dropPrograms(denied.getMessage());
    }
  }
}
