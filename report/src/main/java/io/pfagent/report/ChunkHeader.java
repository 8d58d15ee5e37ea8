package io.pfagent.report;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * The header of one chunk of a recording, big endian ({@code jfrChunkWriter.cpp} in the JDK).
 *
 * <pre>
 *   0         4     6     8          16             24         32          40
 *   +---------+-----+-----+----------+--------------+----------+-----------+------------------
 *   | F L R 0 |major|minor|chunk size|constant pools| metadata |start nanos| duration, ticks
 *   +---------+-----+-----+----------+--------------+----------+-----------+--------+---------
 *                                                              byte 64: state, 0 once finished
 * </pre>
 *
 * @param start where the chunk begins in the file
 * @param size bytes of the chunk, or of the part that was flushed if it is not finished
 * @param metadataPosition where the event types are described; 0 before the first flush
 * @param startNanos when the chunk was begun, in nanoseconds since 1970
 * @param state 0 finished, 255 the header is being written, else the number of flushes so far
 */
record ChunkHeader(long start, long size, long metadataPosition, long startNanos, int state) {

  static final int BYTES = 68;
  static final int STATE_OFFSET = 64;

  private static final int MAGIC = 0x464c5200;
  private static final int BEING_WRITTEN = 255;

  /**
   * Reads the header at {@code start}, or gives null if there is none: the file ends, or other data
   * begin.
   */
  static ChunkHeader read(FileChannel file, long start) throws IOException {
    ByteBuffer header = ByteBuffer.allocate(BYTES);
    while (header.hasRemaining()) {
      if (file.read(header, start + header.position()) < 0) {
        return null;
      }
    }
    if (header.getInt(0) != MAGIC) {
      return null;
    }
    return new ChunkHeader(
        start,
        header.getLong(8),
        header.getLong(24),
        header.getLong(32),
        Byte.toUnsignedInt(header.get(STATE_OFFSET)));
  }

  boolean isFinished() {
    return state == 0;
  }

  /** Whether its events can be read from a file of {@code fileSize} bytes. */
  boolean isReadable(long fileSize) {
    return state != BEING_WRITTEN
        && metadataPosition >= BYTES
        && metadataPosition < size
        && size <= fileSize - start;
  }

  long end() {
    return start + size;
  }
}
