package io.pfagent.kernel;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Consumer;

/**
 * A ring that the kernel writes for one processor and one thread of ours reads, as
 * perf_event_open(2) describes it: {@code data_head} is read with acquire, {@code data_tail}
 * written with release, so that neither side sees bytes before they are there.
 *
 * <pre>
 *   page 0: struct perf_event_mmap_page      pages 1 to n, n a power of two: the records
 *   +--------------+-----------+-------+     +---------+-----------+----+--------
 *   | ..           | data_head | data_ |     | record  | record    | .. | free
 *   |              | at 1024   | tail  |     +---------+-----------+----+--------
 *   +--------------+-----------+-------+     tail % size            head % size
 *
 *   a record's header: type u32, misc u16, size u16 (a multiple of 8); a sample that is nothing
 *   else has only woken who polls (FaultProgram)
 * </pre>
 */
final class SampleRing {

  private static final int DATA_HEAD = 1024;
  private static final int DATA_TAIL = 1032;
  private static final int RECORD_SIZE = 6;
  static final int HEADER_BYTES = 8;
  private static final int LOST_COUNT = 16;
  private static final int MOST_RECORD_BYTES = 1 << 16;

  private static final int PERF_RECORD_LOST = 2;
  private static final int PERF_RECORD_SAMPLE = 9;

  private static final VarHandle LONG =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

  private final ByteBuffer control;
  private final ByteBuffer data;
  private final long dataAddress;
  private final int mask;
  private final FaultRecord record;
  private ByteBuffer scratch;
  private long scratchAddress;
  private long lost;

  /**
   * @param control the first page
   * @param data what follows, a power of two of bytes
   * @param dataAddress the native address of {@code data}, which samples with stacks give on
   * @param layout of faults raised in user mode
   * @param events what the ids in samples mean
   */
  SampleRing(
      ByteBuffer control,
      ByteBuffer data,
      long dataAddress,
      SampleLayout layout,
      EventTable events) {
    this.control = control;
    this.data = data;
    this.dataAddress = dataAddress;
    this.mask = data.capacity() - 1;
    this.record = new FaultRecord(layout, events);
  }

  /**
   * Visits the records that are there now and gives their room back one by one, so that the kernel
   * can go on writing meanwhile.
   *
   * @return how many samples there were
   */
  int drain(Consumer<FaultRecord> visitor) {
    long head = (long) LONG.getAcquire(control, DATA_HEAD);
    long tail = control.getLong(DATA_TAIL);
    int samples = 0;
    while (tail < head) {
      int at = (int) tail & mask;
      int type = data.getInt(at);
      int size = Short.toUnsignedInt(data.getShort(at + RECORD_SIZE));
      if (size < HEADER_BYTES || size > head - tail) {
        // Not a record: never seen, but a walk along it could go on forever.
        tail = head;
        break;
      }
      if (type == PERF_RECORD_SAMPLE && size > HEADER_BYTES) {
        visit(at, size, visitor);
        samples++;
      } else if (type == PERF_RECORD_LOST) {
        lost += data.getLong((at + LOST_COUNT) & mask);
      }
      tail += size;
      LONG.setRelease(control, DATA_TAIL, tail);
    }
    LONG.setRelease(control, DATA_TAIL, tail);
    return samples;
  }

  /** Samples that the kernel had no room for, as far as it has told, since the last call. */
  long takeLost() {
    long taken = lost;
    lost = 0;
    return taken;
  }

  private void visit(int at, int size, Consumer<FaultRecord> visitor) {
    int untilEnd = data.capacity() - at;
    if (size <= untilEnd) {
      record.moveTo(data, dataAddress, at);
    } else {
      ByteBuffer whole = scratch();
      whole.put(0, data, at, untilEnd).put(untilEnd, data, 0, size - untilEnd);
      record.moveTo(whole, scratchAddress, 0);
    }
    visitor.accept(record);
  }

  /** For records that begin at the end of the ring and end at its beginning. */
  private ByteBuffer scratch() {
    if (scratch == null) {
      scratch = LibC.newBuffer(MOST_RECORD_BYTES);
      scratchAddress = LibC.address(scratch);
    }
    return scratch;
  }
}
