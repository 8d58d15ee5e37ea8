package io.pfagent.kernel;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Consumer;

/**
 * A ring that {@link FaultProgram} writes on one processor and one thread of ours reads. The
 * program stores a sample before {@code head} with a full barrier; {@code head} is read with
 * acquire, {@code tail} written with release.
 */
final class ProgramRing {

  private static final VarHandle LONG =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

  /** The program reads the tail with each sample: each change of it costs the next one. */
  private static final int GIVEN_BACK_PART = 16;

  private final ByteBuffer memory;
  private final int mask;
  private final int givenBackMask;
  private final FaultRecord record;
  private long lostBefore;

  /**
   * @param memory the array that the program writes
   * @param entries samples that it holds, a power of two
   * @param events what the samples say they are of
   */
  ProgramRing(ByteBuffer memory, int entries, EventTable events) {
    this.memory = memory;
    this.mask = entries - 1;
    this.givenBackMask = Math.max(1, entries / GIVEN_BACK_PART) - 1;
    this.record = new FaultRecord(SampleLayout.leaf(), events);
  }

  /**
   * Visits the samples that are there now and gives their room back part by part.
   *
   * @return how many there were
   */
  int drain(Consumer<FaultRecord> visitor) {
    long head = (long) LONG.getAcquire(memory, FaultProgram.HEAD);
    long first = memory.getLong(FaultProgram.TAIL);
    for (long tail = first; tail < head; ) {
      int at = FaultProgram.DATA + ((int) tail & mask) * FaultProgram.SAMPLE_BYTES;
      record.moveTo(memory, 0, at - SampleRing.HEADER_BYTES);
      visitor.accept(record);
      tail++;
      if ((tail & givenBackMask) == 0 || tail == head) {
        LONG.setRelease(memory, FaultProgram.TAIL, tail);
      }
    }
    return (int) (head - first);
  }

  /** Samples that found no room, since the last call. */
  long takeLost() {
    long lost = memory.getLong(FaultProgram.LOST);
    long taken = lost - lostBefore;
    lostBefore = lost;
    return taken;
  }
}
