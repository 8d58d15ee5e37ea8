package io.pfagent.event;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;

/**
 * Whether a recording is whole on disk, from its chunk headers alone.
 *
 * <pre>
 * each chunk, big-endian    0       4         8            16
 *                           +-------+---------+------------+---- - - -
 *                           | FLR\0 | version | chunk size | ...
 *                           +-------+---------+------------+---- - - -
 * </pre>
 */
final class RecordingFileCheck {

  private static final int MAGIC = 'F' << 24 | 'L' << 16 | 'R' << 8;
  private static final int SIZE_OFFSET = 8;
  private static final int HEADER_BYTES = 68;

  private RecordingFileCheck() {}

  /** True if the file is a sequence of whole chunks, at least one. */
  static boolean isWhole(Path path) {
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
      long length = file.length();
      long position = 0;
      while (length - position >= HEADER_BYTES) {
        file.seek(position);
        if (file.readInt() != MAGIC) {
          return false;
        }
        file.seek(position + SIZE_OFFSET);
        long size = file.readLong();
        if (size < HEADER_BYTES) {
          return false;
        }
        position += size;
      }
      return length > 0 && position == length;
    } catch (IOException unreadable) {
      return false;
    }
  }
}
