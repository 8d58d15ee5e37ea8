package io.pfagent.chunk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * The header of one chunk of a recording, big endian ({@code jfrChunkWriter.cpp} in the JDK).
 *
 * <pre>
 *   0         4     6     8          16             24         32
 *   +---------+-----+-----+----------+--------------+----------+-----------+
 *   | F L R 0 |major|minor|chunk size|constant pools| metadata |start nanos|
 *   +---------+-----+-----+----------+--------------+----------+-----------+
 *   40             48           56                 64      65      67     68
 *   +--------------+------------+------------------+-------+-------+-------+
 *   |duration nanos|start ticks |ticks in a second | state |   0   | flags |
 *   +--------------+------------+------------------+-------+-------+-------+
 * </pre>
 *
 * @param start where the chunk begins in the file
 * @param version major and minor version, in the upper and lower half
 * @param size bytes of the chunk
 * @param poolPosition where the last of the chunk's constant pools is, from the chunk's start
 * @param metadataPosition where the types are described, from the chunk's start
 * @param startNanos when the chunk was begun, in nanoseconds since 1970
 * @param durationNanos how long it was written to
 * @param startTicks when it was begun, on the clock of its events
 * @param ticksPerSecond of the clock of its events
 * @param state 0 finished, else the number of the flush it was written up to; 255 in between
 * @param flags bit 0: numbers are packed
 */
record ChunkHeader(
    long start,
    int version,
    long size,
    long poolPosition,
    long metadataPosition,
    long startNanos,
    long durationNanos,
    long startTicks,
    long ticksPerSecond,
    int state,
    int flags) {

  static final int BYTES = 68;
  static final int MAGIC = 0x464c5200;
  static final int PACKED = 1;

  /** {@code JfrChunk::guard()}. */
  private static final int IN_FLUX = 255;

  private static final double NANOS_PER_SECOND = 1e9;

  /** Reads the header at {@code start}, or gives null if there is none. */
  static ChunkHeader read(FileChannel file, long start) throws IOException {
    ByteBuffer header = ByteBuffer.allocate(BYTES);
    while (header.hasRemaining()) {
      if (file.read(header, start + header.position()) < 0) {
        return null;
      }
    }
    header.flip();
    if (header.getInt() != MAGIC) {
      return null;
    }
    return new ChunkHeader(
        start,
        header.getInt(),
        header.getLong(),
        header.getLong(),
        header.getLong(),
        header.getLong(),
        header.getLong(),
        header.getLong(),
        header.getLong(),
        Byte.toUnsignedInt(header.get()),
        header.getShort(65) | Byte.toUnsignedInt(header.get(67)));
  }

  /**
   * The header of a chunk of samples that goes with this one. Its clock is the same. It says that
   * it began a nanosecond later, for JMC takes chunks that began at the same time for copies
   * ({@code FlightRecordingLoader}), and that it took no time, for {@code jfr summary} adds these
   * times up.
   */
  ChunkHeader forSamples(long newStart, long newSize, long newPools, long newMetadata) {
    return new ChunkHeader(
        newStart,
        version,
        newSize,
        newPools,
        newMetadata,
        startNanos + 1,
        0,
        startTicks + ticks(1),
        ticksPerSecond,
        0,
        PACKED);
  }

  void writeTo(ByteWriter out) {
    out.fixedInt(MAGIC);
    out.fixedInt(version);
    out.fixedLong(size);
    out.fixedLong(poolPosition);
    out.fixedLong(metadataPosition);
    out.fixedLong(startNanos);
    out.fixedLong(durationNanos);
    out.fixedLong(startTicks);
    out.fixedLong(ticksPerSecond);
    out.fixedInt(state << 24 | flags);
  }

  boolean isFinished() {
    return state == 0;
  }

  /** Whether the JVM is changing this header right now. */
  boolean isBeingFlushed() {
    return state == IN_FLUX;
  }

  /** As it would be if the JVM had ended in order after its last flush. */
  ChunkHeader finished() {
    return new ChunkHeader(
        start,
        version,
        size,
        poolPosition,
        metadataPosition,
        startNanos,
        durationNanos,
        startTicks,
        ticksPerSecond,
        0,
        flags);
  }

  boolean isPacked() {
    return (flags & PACKED) != 0;
  }

  int majorVersion() {
    return version >>> 16;
  }

  long end() {
    return start + size;
  }

  long endNanos() {
    return startNanos + durationNanos;
  }

  long endTicks() {
    return startTicks + ticks(durationNanos);
  }

  /** How many ticks of its clock pass in this time. */
  long ticks(long nanos) {
    return Math.round(nanos * (ticksPerSecond / NANOS_PER_SECOND));
  }

  /** Whether the other chunk holds samples that go with this one. */
  boolean isMatchedBy(ChunkHeader other) {
    return other.durationNanos == 0
        && other.startNanos == startNanos + 1
        && other.startTicks == startTicks + ticks(1);
  }
}
