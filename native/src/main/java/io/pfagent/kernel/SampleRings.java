package io.pfagent.kernel;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.Consumer;

/**
 * A ring for each processor that this process may run on, and a descriptor that wakes who waits for
 * them. Each ring belongs to an event that never fires: the events of the threads that run on its
 * processor write to it. All methods but {@link #wake()} are for one thread.
 */
final class SampleRings implements AutoCloseable {

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

  private final long perfEventOpen;
  private final SampleSetUp setUp;
  private final EventTable events;
  private final long pageSize = LibC.pageSize();
  private final List<Mapped> rings = new ArrayList<>();
  private final ByteBuffer one = LibC.newBuffer(Long.BYTES).putLong(0, 1);
  private final ByteBuffer woken = LibC.newBuffer(Long.BYTES);
  private ByteBuffer pollfds;
  private int wakeFd;

  private SampleRings(long perfEventOpen, SampleSetUp setUp, EventTable events, int wakeFd) {
    this.perfEventOpen = perfEventOpen;
    this.setUp = setUp;
    this.events = events;
    this.wakeFd = wakeFd;
  }

  /**
   * Maps the rings.
   *
   * @param perfEventOpen number of the system call
   * @param events what the ids in samples mean
   * @param cpus the processors, one at least
   * @throws DeniedException if the kernel refuses one of them
   */
  static SampleRings open(long perfEventOpen, SampleSetUp setUp, EventTable events, BitSet cpus)
      throws DeniedException {
    int wakeFd = LibC.eventfd(0, EFD_CLOEXEC_NONBLOCK);
    if (wakeFd < 0) {
      throw new DeniedException("eventfd: " + Errno.name(LibC.errno()));
    }
    SampleRings opened = new SampleRings(perfEventOpen, setUp, events, wakeFd);
    try {
      for (int cpu = cpus.nextSetBit(0); cpu >= 0; cpu = cpus.nextSetBit(cpu + 1)) {
        opened.map(cpu, share(setUp, cpus));
      }
      opened.preparePoll();
    } catch (DeniedException denied) {
      opened.close();
      throw denied;
    }
    return opened;
  }

  /** Bytes to ask for per processor, of what a program writes as of what the kernel does. */
  static int share(SampleSetUp setUp, BitSet cpus) {
    int rings = cpus.cardinality() * (setUp.byProgram() ? 2 : 1);
    return Math.min(setUp.ringBytes(), Integer.highestOneBit(MOST_RING_BYTES / rings));
  }

  /** Per processor the event whose ring takes its samples. */
  List<FaultEvents.Output> outputs() {
    return rings.stream()
        .map(ring -> new FaultEvents.Output(ring.cpu(), ring.fd(), FaultEvents.NO_PROGRAM))
        .toList();
  }

  /** Bytes of the smallest ring: what its share and the limit for locked memory have left of it. */
  int ringBytes() {
    return rings.stream().mapToInt(Mapped::dataBytes).min().orElse(0);
  }

  /** Waits until a ring is a quarter full, {@link #wake} is called, or the time is over. */
  void await(int millis) {
    LibC.poll(LibC.address(pollfds), rings.size() + 1L, millis);
    LibC.read(wakeFd, LibC.address(woken), Long.BYTES);
  }

  /** Ends an {@link #await}, the one that runs or the next one. Any thread may call it. */
  synchronized void wake() {
    if (wakeFd >= 0) {
      LibC.write(wakeFd, LibC.address(one), Long.BYTES);
    }
  }

  /**
   * Visits what the rings hold.
   *
   * @return how many samples there were
   */
  int drain(Consumer<FaultRecord> visitor) {
    int samples = 0;
    for (Mapped mapped : rings) {
      samples += mapped.ring().drain(visitor);
    }
    return samples;
  }

  /** Samples that found no room, as far as the kernel has told, since the last call. */
  long takeLost() {
    return rings.stream().mapToLong(mapped -> mapped.ring().takeLost()).sum();
  }

  /** Gives all back; what the rings still hold is lost. */
  @Override
  public synchronized void close() {
    for (Mapped mapped : rings) {
      LibC.munmap(mapped.address(), pageSize + mapped.dataBytes());
      LibC.close(mapped.fd());
    }
    rings.clear();
    if (wakeFd >= 0) {
      LibC.close(wakeFd);
      wakeFd = -1;
    }
  }

  /** A ring of the size that was asked for, or the largest that the kernel grants. */
  private void map(int cpu, int wantedBytes) throws DeniedException {
    int bytes = rings.isEmpty() ? wantedBytes : rings.get(0).dataBytes();
    for (; bytes >= FEWEST_PAGES * pageSize; bytes /= 2) {
      int fd = openHolder(cpu, bytes / WAKEUP_PART);
      long address = LibC.mmap(0, pageSize + bytes, LibC.PROT_READ_WRITE, LibC.MAP_SHARED, fd, 0);
      if (address != LibC.MAP_FAILED) {
        rings.add(new Mapped(cpu, fd, address, bytes, ring(address, bytes)));
        return;
      }
      LibC.close(fd);
    }
    throw new DeniedException(
        ("the kernel refuses a ring of %d kB; raise kernel.perf_event_mlock_kb or the limit for"
                + " locked memory (ulimit -l)")
            .formatted(FEWEST_PAGES * pageSize / 1024));
  }

  private int openHolder(int cpu, int wakeupBytes) throws DeniedException {
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

  private SampleRing ring(long address, int bytes) {
    long dataAddress = address + pageSize;
    return new SampleRing(
        LibC.buffer(address, pageSize),
        LibC.buffer(dataAddress, bytes),
        dataAddress,
        setUp.layout(),
        events);
  }

  private void preparePoll() {
    pollfds = LibC.newBuffer((rings.size() + 1) * POLLFD_BYTES);
    for (int i = 0; i < rings.size(); i++) {
      putPollfd(i, rings.get(i).fd());
    }
    putPollfd(rings.size(), wakeFd);
  }

  private void putPollfd(int index, int fd) {
    pollfds.putInt(index * POLLFD_BYTES, fd);
    pollfds.putShort(index * POLLFD_BYTES + POLLFD_EVENTS, POLLIN);
  }

  private record Mapped(int cpu, int fd, long address, int dataBytes, SampleRing ring) {}
}
