package io.pfagent.kernel;

import java.nio.ByteBuffer;

/**
 * One sampled fault as it lies in a ring: a view that is moved from record to record, valid only
 * until the reader goes on. Values are in the order of perf_event_open(2), PERF_RECORD_SAMPLE:
 *
 * <pre>
 *   0        8    16    20    24     32     40   48                  ..
 *   +--------+----+-----+-----+------+------+----+-------------------+
 *   | header | ip | pid | tid | time | addr | id | nr, nr addresses  |
 *   +--------+----+-----+-----+------+------+----+-------------------+
 *                                                  only with a chain
 *   +------------------+----------------------------+   registers with a stack or where
 *   | abi, registers   | size, bytes, dynamic size  |   the kernel has faulted, bytes with
 *   +------------------+----------------------------+   a stack
 *   +------------------+----------------------------+
 *    abi 0: no registers
 * </pre>
 *
 * <p>The id is that of the event that was opened, also where a thread has inherited it.
 */
public final class FaultRecord {

  private static final int IP = 8;
  private static final int TID = 20;
  private static final int TIME = 24;
  private static final int ADDR = 32;
  private static final int ID = 40;
  private static final int AFTER_ID = 48;

  /** Instead of an address: what follows was found in user mode (PERF_CONTEXT_USER and others). */
  private static final long FIRST_CONTEXT = -4095;

  private final SampleLayout userLayout;
  private final SampleLayout kernelLayout;
  private final EventTable events;
  private ByteBuffer bytes;
  private long bytesAddress;
  private int start;
  private SampleLayout layout;
  private EventTable.Entry event;
  private long weight;
  private int registersAt;
  private int stackAt;

  /**
   * @param layout of faults raised in user mode
   * @param events by whose ids a record says what it is
   */
  FaultRecord(SampleLayout layout, EventTable events) {
    this.userLayout = layout;
    this.kernelLayout = layout.inKernel();
    this.events = events;
  }

  /** Moves the view to a record that lies in one piece. */
  void moveTo(ByteBuffer newBytes, long newAddress, int newStart) {
    bytes = newBytes;
    bytesAddress = newAddress;
    start = newStart;
    event = events.of(bytes.getLong(start + ID));
    weight = events.takeWeight(event);
    layout = inKernel() ? kernelLayout : userLayout;
    int at = start + AFTER_ID;
    if (layout.hasChain()) {
      at += Long.BYTES * (1 + (int) bytes.getLong(at));
    }
    registersAt = 0;
    if (layout.hasRegisters()) {
      boolean areThere = bytes.getLong(at) != 0;
      at += Long.BYTES;
      if (areThere) {
        registersAt = at;
        at += Long.BYTES * Long.bitCount(layout.registers());
      }
    }
    stackAt = layout.hasStack() ? at : 0;
  }

  /** The kernel's id of the thread that faulted. */
  public int tid() {
    return bytes.getInt(start + TID);
  }

  /** When, in the time of {@link System#nanoTime()}. */
  public long nanoTime() {
    return bytes.getLong(start + TIME);
  }

  /** The data address that wasn't there. */
  public long address() {
    return bytes.getLong(start + ADDR);
  }

  /** Faults that were counted from one sample of its kind to the next. */
  public long period() {
    return event.period();
  }

  /** Faults that this sample stands for: its period, or more where others went by uncounted. */
  public long weight() {
    return weight;
  }

  /** Whether the fault waited for a device. */
  public boolean isMajor() {
    return event.faults().isMajor();
  }

  /**
   * Whether the kernel raised it on the thread's behalf, as read(2) does that fills fresh memory.
   */
  public boolean inKernel() {
    return event.faults().inKernel();
  }

  /** The user's program counter; 0 for a thread that has none, as one of the kernel's own. */
  public long programCounter() {
    return inKernel() ? register(layout.programCounter()) : bytes.getLong(start + IP);
  }

  /** The user's stack pointer, 0 if it was not sampled or the thread had none. */
  public long stackPointer() {
    return register(layout.stackPointer());
  }

  /**
   * The return addresses, innermost first, the program counter itself left out.
   *
   * @return how many were written
   */
  public int chain(long[] target) {
    if (!layout.hasChain()) {
      return 0;
    }
    int entries = (int) bytes.getLong(start + AFTER_ID);
    int count = 0;
    boolean first = true;
    for (int i = 1; i <= entries && count < target.length; i++) {
      long address = bytes.getLong(start + AFTER_ID + i * Long.BYTES);
      if (Long.compareUnsigned(address, FIRST_CONTEXT) >= 0) {
        continue;
      }
      if (!first) {
        target[count++] = address;
      }
      first = false;
    }
    return count;
  }

  /** Native address of the registers, in the order of their bits; 0 if there are none. */
  public long registersAddress() {
    return registersAt == 0 ? 0 : bytesAddress + registersAt;
  }

  /** Native address of the copied stack, whose first byte is at {@link #stackPointer()}. */
  public long stackAddress() {
    return stackAt == 0 ? 0 : bytesAddress + stackAt + Long.BYTES;
  }

  /** Bytes of the stack that the kernel could copy. */
  public int stackBytes() {
    if (stackAt == 0) {
      return 0;
    }
    int room = (int) bytes.getLong(stackAt);
    return room == 0 ? 0 : (int) bytes.getLong(stackAt + Long.BYTES + room);
  }

  private long register(int number) {
    return registersAt == 0 ? 0 : bytes.getLong(registersAt + layout.indexOf(number) * Long.BYTES);
  }
}
