package io.pfagent.chunk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A new file that is written from its beginning to its end, and corrected in places. */
final class FileOutput implements AutoCloseable {

  private static final int BUFFER_BYTES = 1 << 18;

  private final FileChannel file;
  private final ByteWriter buffer = new ByteWriter(BUFFER_BYTES + 4096);
  private long written;

  FileOutput(Path path) throws IOException {
    file = FileChannel.open(path, StandardOpenOption.WRITE);
  }

  /** Bytes so far. */
  long size() {
    return written + buffer.size();
  }

  /** Where to put what comes next; {@link #flushIfFull} follows. */
  ByteWriter buffer() {
    return buffer;
  }

  void flushIfFull() throws IOException {
    if (buffer.size() >= BUFFER_BYTES) {
      flush();
    }
  }

  /** Copies the first bytes of another file. */
  void copy(FileChannel source, long bytes) throws IOException {
    flush();
    for (long done = 0; done < bytes; ) {
      long some = source.transferTo(done, bytes - done, file);
      if (some == 0) {
        throw new IOException("the recording became shorter while it was read");
      }
      done += some;
    }
    written += bytes;
  }

  /** Writes over what is in the file already. */
  void correct(long position, ByteWriter bytes) throws IOException {
    flush();
    write(bytes, position);
  }

  /** Sees to it that all is on the disk, not only in the kernel's memory. */
  void force() throws IOException {
    flush();
    file.force(true);
  }

  private void flush() throws IOException {
    write(buffer, written);
    written += buffer.size();
    buffer.clear();
  }

  private void write(ByteWriter bytes, long position) throws IOException {
    ByteBuffer rest = ByteBuffer.wrap(bytes.array(), 0, bytes.size());
    while (rest.hasRemaining()) {
      file.write(rest, position + rest.position());
    }
  }

  /** Closes the file; what was not forced may be missing. */
  @Override
  public void close() throws IOException {
    file.close();
  }
}
