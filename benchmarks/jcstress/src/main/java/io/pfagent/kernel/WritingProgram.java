package io.pfagent.kernel;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Consumer;

/**
 * Writes samples into a ring as {@link FaultProgram} does: never over what the reader has not given
 * back yet, and the head moves on once a sample is whole. What finds no room is counted.
 *
 * <p>All values of a sample follow from its number, so that a torn one shows.
 */
final class WritingProgram implements RingTraffic.Ring {

  private static final VarHandle LONG =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

  private final ByteBuffer memory;
  private final int entries;
  private final ProgramRing ring;

  /**
   * @param entries samples that the ring holds, a power of two
   * @param start the number of samples before the first
   */
  WritingProgram(int entries, int start) {
    this.entries = entries;
    memory =
        ByteBuffer.allocateDirect(FaultProgram.DATA + entries * FaultProgram.SAMPLE_BYTES)
            .order(ByteOrder.nativeOrder());
    memory.putLong(FaultProgram.HEAD, start).putLong(FaultProgram.TAIL, start);
    ring = new ProgramRing(memory, entries, new EventTable());
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
    long head = memory.getLong(FaultProgram.HEAD);
    if (head - (long) LONG.getAcquire(memory, FaultProgram.TAIL) >= entries) {
      memory.putLong(FaultProgram.LOST, memory.getLong(FaultProgram.LOST) + 1);
      return;
    }
    int at = FaultProgram.DATA + ((int) head & (entries - 1)) * FaultProgram.SAMPLE_BYTES;
    long value = number;
    memory.putLong(at, value);
    memory.putLong(at + Long.BYTES, value << Integer.SIZE | value);
    for (int word = 2; word < FaultProgram.SAMPLE_BYTES / Long.BYTES; word++) {
      memory.putLong(at + word * Long.BYTES, value);
    }
    LONG.setRelease(memory, FaultProgram.HEAD, head + 1);
  }
}
