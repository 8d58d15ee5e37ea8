package io.pfagent.kernel;

import com.sun.jna.Pointer;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * The page faults of the calling thread and of all threads that it starts from now on, each with
 * its registers and a copy of its stack: rings of perf_event_open(2), one per processor.
 *
 * <pre>
 * a sample:  header | ip | pid, tid | time | address | ABI | registers | size | copy | dynamic size
 * </pre>
 */
public final class FaultRing implements AutoCloseable {

  /** Takes a sample; the memory is valid during the call. */
  public interface Sink {
    void sample(int tid, long nanoTime, long address, long registers, long stack, int stackBytes);
  }

  private static final int PERF_TYPE_SOFTWARE = 1;
  private static final int PERF_COUNT_SW_CPU_CLOCK = 0;
  private static final int PERF_COUNT_SW_PAGE_FAULTS = 2;
  private static final int PERF_SAMPLE_IP_TID_TIME_ADDR = 1 | 2 | 4 | 8;
  private static final int PERF_SAMPLE_REGS_STACK_USER = 1 << 12 | 1 << 13;
  private static final int PERF_RECORD_LOST = 2;
  private static final int PERF_RECORD_SAMPLE = 9;
  private static final int PERF_FLAG_FD_CLOEXEC = 8;
  private static final long PERF_EVENT_IOC_ENABLE = 0x2400;
  private static final long PERF_EVENT_IOC_DISABLE = 0x2401;
  private static final long DISABLED_INHERIT_USER_CLOCKID = 1 | 1 << 1 | 1 << 5 | 1L << 25;
  private static final int CLOCK_MONOTONIC = 1;
  private static final int ATTR_BYTES = 112;
  private static final int MAP_SHARED = 1;
  private static final int SC_NPROCESSORS_ONLN = 84;
  private static final int PAGE = 4096;
  private static final int DATA_HEAD = 1024;
  private static final int DATA_TAIL = 1032;
  private static final int HEADER_BYTES = 8;
  private static final VarHandle LONGS =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

  private record Ring(int fd, long address, ByteBuffer memory) {}

  private final List<Ring> rings = new ArrayList<>();
  private final int dataBytes;
  private final int registers;
  private final ByteBuffer wrapped = LibC.newBuffer(1 << 16);
  private long lost;

  private FaultRing(int dataBytes, int registers) {
    this.dataBytes = dataBytes;
    this.registers = registers;
  }

  /** Page faults, all of them. */
  public static FaultRing ofFaults(long registerMask, int stackBytes, int ringBytes) {
    return open(PERF_COUNT_SW_PAGE_FAULTS, 1, registerMask, stackBytes, ringBytes);
  }

  /** Any moment at which a thread runs in user mode. */
  public static FaultRing ofTime(
      long periodNanos, long registerMask, int stackBytes, int ringBytes) {
    return open(PERF_COUNT_SW_CPU_CLOCK, periodNanos, registerMask, stackBytes, ringBytes);
  }

  /** Why no ring can be had here, or the empty string. */
  public static String denial() {
    try (FaultRing ring = ofFaults(1, 8, PAGE)) {
      return ring.rings.isEmpty() ? "no processor" : "";
    } catch (IllegalStateException denied) {
      return denied.getMessage();
    }
  }

  private static FaultRing open(
      long config, long period, long registerMask, int stackBytes, int ringBytes) {
    FaultRing all = new FaultRing(ringBytes, Long.bitCount(registerMask));
    int processors = (int) LibC.sysconf(SC_NPROCESSORS_ONLN);
    for (int cpu = 0; cpu < processors; cpu++) {
      ByteBuffer attr = LibC.newBuffer(ATTR_BYTES);
      attr.putInt(0, PERF_TYPE_SOFTWARE)
          .putInt(4, ATTR_BYTES)
          .putLong(8, config)
          .putLong(16, period)
          .putLong(24, PERF_SAMPLE_IP_TID_TIME_ADDR | PERF_SAMPLE_REGS_STACK_USER)
          .putLong(40, DISABLED_INHERIT_USER_CLOCKID)
          .putLong(80, registerMask)
          .putInt(88, stackBytes)
          .putInt(92, CLOCK_MONOTONIC);
      all.rings.add(ring(attr, cpu, ringBytes));
    }
    return all;
  }

  private static Ring ring(ByteBuffer attr, int cpu, int ringBytes) {
    long number = SystemCallNumbers.ofThisMachine().orElseThrow().perfEventOpen();
    int fd = (int) LibC.syscall(number, LibC.address(attr), 0, cpu, -1, PERF_FLAG_FD_CLOEXEC);
    if (fd < 0) {
      throw new IllegalStateException(
          "perf_event_open(2) with copied stacks is denied: errno " + LibC.errno());
    }
    long address = LibC.mmap(0, ringBytes + PAGE, LibC.PROT_READ_WRITE, MAP_SHARED, fd, 0);
    if (address == LibC.MAP_FAILED) {
      throw new IllegalStateException("the ring of perf_event_open(2): errno " + LibC.errno());
    }
    return new Ring(
        fd,
        address,
        new Pointer(address).getByteBuffer(0, ringBytes + PAGE).order(ByteOrder.nativeOrder()));
  }

  /** Begins to take samples. */
  public void enable() {
    rings.forEach(ring -> LibC.ioctl(ring.fd, PERF_EVENT_IOC_ENABLE, 0));
  }

  /** Takes no more samples; those in the rings stay. */
  public void disable() {
    rings.forEach(ring -> LibC.ioctl(ring.fd, PERF_EVENT_IOC_DISABLE, 0));
  }

  /** How many samples the kernel had no room for. */
  public long lost() {
    return lost;
  }

  /** Hands all samples over that are there. For one thread. */
  public void drain(Sink sink) {
    for (Ring ring : rings) {
      long head = (long) LONGS.getAcquire(ring.memory, DATA_HEAD);
      long tail = ring.memory.getLong(DATA_TAIL);
      while (tail < head) {
        tail += record(ring, (int) (tail % dataBytes), sink);
        LONGS.setRelease(ring.memory, DATA_TAIL, tail);
      }
    }
  }

  private int record(Ring ring, int offset, Sink sink) {
    int bytes = Short.toUnsignedInt(ring.memory.getShort(PAGE + offset + 6));
    int type = ring.memory.getInt(PAGE + offset);
    ByteBuffer record = ring.memory;
    int at = PAGE + offset;
    long address = ring.address + at;
    if (offset + bytes > dataBytes) {
      int first = dataBytes - offset;
      wrapped.put(0, ring.memory, PAGE + offset, first);
      wrapped.put(first, ring.memory, PAGE, bytes - first);
      record = wrapped;
      at = 0;
      address = LibC.address(wrapped);
    }
    if (type == PERF_RECORD_LOST) {
      lost += record.getLong(at + HEADER_BYTES + 8);
    } else if (type == PERF_RECORD_SAMPLE) {
      sample(record, at, address, sink);
    }
    return bytes;
  }

  private void sample(ByteBuffer record, int at, long address, Sink sink) {
    int abi = at + HEADER_BYTES + 4 * Long.BYTES;
    if (record.getLong(abi) == 0) {
      return; // a kernel thread
    }
    int size = abi + Long.BYTES + registers * Long.BYTES;
    int copied = (int) record.getLong(size);
    int stackBytes = copied == 0 ? 0 : (int) record.getLong(size + Long.BYTES + copied);
    sink.sample(
        record.getInt(at + 20),
        record.getLong(at + 24),
        record.getLong(at + 32),
        address - at + abi + Long.BYTES,
        address - at + size + Long.BYTES,
        stackBytes);
  }

  @Override
  public void close() {
    for (Ring ring : rings) {
      LibC.munmap(ring.address, dataBytes + PAGE);
      LibC.close(ring.fd);
    }
    rings.clear();
  }
}
