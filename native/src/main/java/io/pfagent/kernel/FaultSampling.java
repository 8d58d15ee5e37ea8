package io.pfagent.kernel;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Samples the page faults that this process raises in user mode, with software perf events, see
 * perf_event_open(2): the threads that fault run nothing of ours, the kernel writes each sample
 * into the ring of the processor.
 *
 * <p>All methods but {@link #wake()}, {@link #period()} and {@link #userFaults()} are for the one
 * thread that has opened it and reads the rings; it must live as long as the sampling.
 */
public final class FaultSampling implements AutoCloseable {

  /** Name of the capability. */
  public static final String NAME = "perf-page-faults";

  private static final String FALLBACK =
      "no sampled faults; user-side and kernel-side faults are not told apart";

  private static final int CURRENT_THREAD = 0;
  private static final int NO_GROUP = -1;
  private static final int PERF_FLAG_FD_CLOEXEC = 8;
  private static final int FEWEST_PAGES = 8;

  /** Of all rings together: a machine may have hundreds of processors. */
  private static final int MOST_RING_BYTES = 128 << 20;

  /** A quarter of a ring wakes who polls: the rest is room for what comes until it runs. */
  private static final int WAKEUP_PART = 4;

  /** {@code O_CLOEXEC | O_NONBLOCK}, the same on x86-64 and aarch64. */
  private static final int EFD_CLOEXEC_NONBLOCK = 0x80000 | 0x800;

  private static final int POLLFD_BYTES = 8;
  private static final int POLLFD_EVENTS = 4;
  private static final short POLLIN = 1;

  private final SampleSetUp setUp;
  private final long perfEventOpen;
  private final BitSet cpus;
  private final long pageSize;
  private final List<Mapping> mappings = new ArrayList<>();
  private final ByteBuffer one = LibC.newBuffer(Long.BYTES).putLong(0, 1);
  private final ByteBuffer woken = LibC.newBuffer(Long.BYTES);
  private ByteBuffer pollfds;
  private int wakeFd = -1;
  private FaultEvents minor;
  private FaultEvents major;
  private final EventPeriods periods = new EventPeriods();
  private volatile long period;
  private long countOfEarlierEvents;

  private FaultSampling(SampleSetUp setUp, long perfEventOpen, BitSet cpus) {
    this.setUp = setUp;
    this.perfEventOpen = perfEventOpen;
    this.cpus = cpus;
    this.pageSize = LibC.pageSize();
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
      if (before != null) {
        before.disable();
      }
      sampling.enable();
      return new Opened(Optional.of(sampling), Capability.available(NAME));
    } catch (DeniedException denied) {
      sampling.close();
      return denied(denied.getMessage());
    }
  }

  private void prepare(long newPeriod) throws DeniedException {
    wakeFd = LibC.eventfd(0, EFD_CLOEXEC_NONBLOCK);
    if (wakeFd < 0) {
      throw new DeniedException("eventfd: " + Errno.name(LibC.errno()));
    }
    for (int cpu = cpus.nextSetBit(0); cpu >= 0; cpu = cpus.nextSetBit(cpu + 1)) {
      mapRing(cpu);
    }
    pollfds = LibC.newBuffer((mappings.size() + 1) * POLLFD_BYTES);
    for (int i = 0; i < mappings.size(); i++) {
      putPollfd(i, mappings.get(i).fd());
    }
    putPollfd(mappings.size(), wakeFd);
    major = open(true, 1);
    periods.setMajor(major.ids());
    minor = open(false, newPeriod);
    periods.setMinor(minor.ids(), newPeriod);
    period = newPeriod;
  }

  private void enable() {
    major.enable();
    minor.enable();
  }

  private void disable() {
    minor.disable();
    major.disable();
  }

  /** The period of minor faults. */
  public long period() {
    return period;
  }

  /**
   * Changes the period of minor faults. It opens events anew for all threads, some 10 us each; a
   * fault that falls into the change may be counted by both or neither.
   *
   * @return why it could not be changed and stays, if so
   */
  public synchronized Optional<String> setPeriod(long newPeriod) {
    FaultEvents next;
    try {
      next = open(false, newPeriod);
    } catch (DeniedException denied) {
      return Optional.of(denied.getMessage());
    }
    periods.setMinor(next.ids(), newPeriod);
    minor.disable();
    next.enable();
    countOfEarlierEvents += Math.max(0, minor.count());
    minor.close();
    minor = next;
    period = newPeriod;
    return Optional.empty();
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
    LibC.poll(LibC.address(pollfds), mappings.size() + 1L, millis);
    LibC.read(wakeFd, LibC.address(woken), Long.BYTES);
  }

  /** Ends an {@link #await}, the one that runs or the next one. Any thread may call it. */
  public synchronized void wake() {
    if (wakeFd < 0) {
      return;
    }
    LibC.write(wakeFd, LibC.address(one), Long.BYTES);
  }

  /**
   * Visits what the rings hold.
   *
   * @return how many samples there were
   */
  public int drain(Consumer<FaultRecord> visitor) {
    int samples = 0;
    for (Mapping mapping : mappings) {
      samples += mapping.ring().drain(visitor);
    }
    return samples;
  }

  /** Samples that found no room in a ring, as far as the kernel has told, since the last call. */
  public long takeLost() {
    return mappings.stream().mapToLong(mapping -> mapping.ring().takeLost()).sum();
  }

  /** All faults raised in user mode since the start, sampled or not; -1 if they can't be read. */
  public synchronized long userFaults() {
    if (wakeFd < 0) {
      return -1;
    }
    long minorCount = minor.count();
    long majorCount = major.count();
    return minorCount < 0 || majorCount < 0 ? -1 : countOfEarlierEvents + minorCount + majorCount;
  }

  /** Bytes of each ring: what its share and the limit for locked memory have left of it. */
  public int ringBytes() {
    return mappings.stream().mapToInt(Mapping::dataBytes).min().orElse(0);
  }

  /** Ends the sampling; what the rings still hold is lost. */
  @Override
  public synchronized void close() {
    if (minor != null) {
      minor.close();
    }
    if (major != null) {
      major.close();
    }
    for (Mapping mapping : mappings) {
      LibC.munmap(mapping.address(), pageSize + mapping.dataBytes());
      LibC.close(mapping.fd());
    }
    mappings.clear();
    if (wakeFd >= 0) {
      LibC.close(wakeFd);
      wakeFd = -1;
    }
  }

  private FaultEvents open(boolean majorFaults, long newPeriod) throws DeniedException {
    return FaultEvents.open(
        perfEventOpen,
        majorFaults,
        newPeriod,
        setUp.layout(),
        mappings.stream().map(ring -> new FaultEvents.Output(ring.cpu(), ring.fd())).toList());
  }

  /** A ring of the size that was asked for, or the largest that the kernel grants. */
  private void mapRing(int cpu) throws DeniedException {
    int bytes = mappings.isEmpty() ? wantedRingBytes() : mappings.get(0).dataBytes();
    for (; bytes >= FEWEST_PAGES * pageSize; bytes /= 2) {
      int fd = openRingHolder(cpu, bytes / WAKEUP_PART);
      long address = LibC.mmap(0, pageSize + bytes, LibC.PROT_READ_WRITE, LibC.MAP_SHARED, fd, 0);
      if (address != LibC.MAP_FAILED) {
        mappings.add(mapping(cpu, fd, address, bytes));
        return;
      }
      LibC.close(fd);
    }
    throw new DeniedException(
        ("the kernel refuses a ring of %d kB; raise kernel.perf_event_mlock_kb or the limit for"
                + " locked memory (ulimit -l)")
            .formatted(FEWEST_PAGES * pageSize / 1024));
  }

  private int wantedRingBytes() {
    int share = Integer.highestOneBit(MOST_RING_BYTES / cpus.cardinality());
    return Math.min(setUp.ringBytes(), share);
  }

  private int openRingHolder(int cpu, int wakeupBytes) throws DeniedException {
    ByteBuffer attr = PerfEventAttr.ringHolder(setUp.layout(), wakeupBytes);
    int fd =
        (int)
            LibC.syscall(
                perfEventOpen,
                LibC.address(attr),
                CURRENT_THREAD,
                cpu,
                NO_GROUP,
                PERF_FLAG_FD_CLOEXEC);
    if (fd < 0) {
      throw new DeniedException(PerfDenial.ofThisProcess().reason(LibC.errno()));
    }
    return fd;
  }

  private Mapping mapping(int cpu, int fd, long address, int bytes) {
    ByteBuffer control = LibC.buffer(address, pageSize);
    ByteBuffer data = LibC.buffer(address + pageSize, bytes);
    return new Mapping(
        cpu,
        fd,
        address,
        bytes,
        new SampleRing(control, data, address + pageSize, setUp.layout(), periods));
  }

  private void putPollfd(int index, int fd) {
    pollfds.putInt(index * POLLFD_BYTES, fd);
    pollfds.putShort(index * POLLFD_BYTES + POLLFD_EVENTS, POLLIN);
  }

  private static Opened denied(String reason) {
    return new Opened(Optional.empty(), Capability.unavailable(NAME, reason, FALLBACK));
  }

  private record Mapping(int cpu, int fd, long address, int dataBytes, SampleRing ring) {}
}
