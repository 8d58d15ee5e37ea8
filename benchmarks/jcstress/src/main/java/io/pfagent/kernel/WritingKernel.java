package io.pfagent.kernel;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Consumer;

/**
 * Writes samples into a ring as the kernel does, see kernel/events/ring_buffer.c: never over what
 * the reader has not given back yet, and {@code data_head} moves on once a record is whole. What
 * finds no room is counted, and told in a record of its own as soon as there is room for it.
 *
 * <p>All values of a sample follow from its number, so that a torn one shows.
 */
final class WritingKernel implements RingTraffic.Ring {

  /** Bytes of a sample: header, program counter, thread, time, address, id. */
  static final int SAMPLE_BYTES = SampleLayout.leaf().bytesPerSample();

  private static final int LOST_BYTES = 24;
  private static final int CONTROL_BYTES = 1040;
  private static final int DATA_HEAD = 1024;
  private static final int DATA_TAIL = 1032;
  private static final int PERF_RECORD_LOST = 2;
  private static final int PERF_RECORD_SAMPLE = 9;
  private static final int SIZE_SHIFT = 48;
  private static final VarHandle LONG =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

  private final ByteBuffer control = buffer(CONTROL_BYTES);
  private final ByteBuffer data;
  private final int mask;
  private final SampleRing ring;
  private long position;
  private int lost;

  /**
   * @param bytes of the ring, a power of two
   * @param start where in the ring it begins
   */
  WritingKernel(int bytes, int start) {
    data = buffer(bytes);
    mask = bytes - 1;
    position = start;
    control.putLong(DATA_HEAD, start).putLong(DATA_TAIL, start);
    ring = new SampleRing(control, data, 0, SampleLayout.leaf(), new EventTable());
  }

  @Override
  public void drain(Consumer<FaultRecord> visitor) {
    ring.drain(visitor);
  }

  @Override
  public long takeLost() {
    return ring.takeLost();
  }

  @Override
  public void write(int number) {
    tellLost();
    if (lost > 0 || !hasRoom(SAMPLE_BYTES)) {
      lost++;
      return;
    }
    long value = number;
    put(PERF_RECORD_SAMPLE | (long) SAMPLE_BYTES << SIZE_SHIFT);
    put(value);
    put(value << Integer.SIZE | value);
    for (int word = 3; word < SAMPLE_BYTES / Long.BYTES; word++) {
      put(value);
    }
    publish();
  }

  @Override
  public void tellLost() {
    if (lost == 0 || !hasRoom(LOST_BYTES)) {
      return;
    }
    put(PERF_RECORD_LOST | (long) LOST_BYTES << SIZE_SHIFT);
    put(0);
    put(lost);
    lost = 0;
    publish();
  }

  private boolean hasRoom(int bytes) {
    return position + bytes - (long) LONG.getAcquire(control, DATA_TAIL) <= data.capacity();
  }

  private void put(long word) {
    data.putLong((int) position & mask, word);
    position += Long.BYTES;
  }

  private void publish() {
    LONG.setRelease(control, DATA_HEAD, position);
  }

  private static ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
  }
}
