package io.pfagent.report;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A recording file as the JDK's parser can read it. That parser refuses or waits for an unfinished
 * chunk (of a JVM that was killed, or still writes), depending on its version, and throws away what
 * precedes the place where a file was cut off. So the chunk headers are looked at first, and if the
 * tail of the file is broken, the readable part is copied to a temporary file.
 */
final class RecordingSource implements AutoCloseable {

  private static final int GZIP_MAGIC = 0x1f8b;

  private final Path original;
  private final Path readable;
  private final long size;
  private final long readableBytes;
  private final long startNanos;

  private RecordingSource(
      Path original, Path readable, long size, long readableBytes, long startNanos) {
    this.original = original;
    this.readable = readable;
    this.size = size;
    this.readableBytes = readableBytes;
    this.startNanos = startNanos;
  }

  /**
   * Opens a recording.
   *
   * @throws CommandException if the file cannot be read, or holds no chunk that can be
   */
  static RecordingSource open(Path file) {
    if (Files.isDirectory(file)) {
      throw new CommandException(
          file + " is a directory; name a recording, or join a JFR repository: jfr assemble");
    }
    if (!Files.exists(file)) {
      throw new CommandException(file + " does not exist");
    }
    try (FileChannel channel = FileChannel.open(file)) {
      return open(file, channel);
    } catch (AccessDeniedException e) {
      throw new CommandException("no permission to read " + file, e);
    } catch (IOException e) {
      throw new CommandException("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  private static RecordingSource open(Path file, FileChannel channel) throws IOException {
    long size = channel.size();
    ChunkHeader first = ChunkHeader.read(channel, 0);
    if (first == null) {
      throw new CommandException(notARecording(file, channel, size));
    }
    ChunkHeader last = null;
    ChunkHeader next = first;
    while (next != null && next.isReadable(size)) {
      last = next;
      next = last.isFinished() ? ChunkHeader.read(channel, last.end()) : null;
    }
    if (last == null) {
      throw new CommandException(brokenFromTheStart(file, size, first));
    }
    boolean isWhole = last.isFinished() && last.end() == size;
    Path readable = isWhole ? file : copy(channel, last);
    return new RecordingSource(file, readable, size, last.end(), first.startNanos());
  }

  private static String notARecording(Path file, FileChannel channel, long size)
      throws IOException {
    if (size == 0) {
      return file + " is empty; was the JVM that writes it killed?";
    }
    ByteBuffer magic = ByteBuffer.allocate(Short.BYTES);
    if (channel.read(magic, 0) == Short.BYTES && (magic.getShort(0) & 0xffff) == GZIP_MAGIC) {
      return file + " is compressed; unpack it first: gunzip";
    }
    return file + " is not a JFR recording, or was cut off within its first bytes";
  }

  private static String brokenFromTheStart(Path file, long size, ChunkHeader first) {
    if (first.isFinished() && first.size() > size) {
      return "%s is truncated: its first chunk has %,d bytes, the file only %,d"
          .formatted(file, first.size(), size);
    }
    if (!first.isFinished()) {
      return file
          + " is not finished: its JVM was killed, or still writes it (then: jcmd PID JFR.dump)";
    }
    return file + " is damaged: the header of its first chunk makes no sense";
  }

  /** Copies all up to the end of {@code last}, and marks that chunk as finished. */
  private static Path copy(FileChannel from, ChunkHeader last) {
    Path copy = null;
    try {
      copy = Files.createTempFile("pfagent-", ".jfr");
      try (FileChannel to = FileChannel.open(copy, StandardOpenOption.WRITE)) {
        for (long done = 0; done < last.end(); ) {
          long bytes = from.transferTo(done, last.end() - done, to);
          if (bytes == 0) {
            throw new IOException("it became shorter while it was read");
          }
          done += bytes;
        }
        ByteBuffer finished = ByteBuffer.allocate(1);
        to.write(finished, last.start() + ChunkHeader.STATE_OFFSET);
      }
      return copy;
    } catch (IOException e) {
      delete(copy);
      throw new CommandException(
          "cannot copy the readable part of the broken recording to %s (set -Djava.io.tmpdir): %s"
              .formatted(System.getProperty("java.io.tmpdir"), e.getMessage()),
          e);
    }
  }

  /** The file that the user named. */
  Path original() {
    return original;
  }

  /** The file to parse. */
  Path readable() {
    return readable;
  }

  /** Bytes of the file that the user named. */
  long size() {
    return size;
  }

  /** How much of it can be read, in bytes from its start. */
  long readableBytes() {
    return readableBytes;
  }

  boolean isWhole() {
    return readable.equals(original);
  }

  /** When the recording was begun, in nanoseconds since 1970. */
  long startNanos() {
    return startNanos;
  }

  @Override
  public void close() {
    if (!isWhole()) {
      delete(readable);
    }
  }

  private static void delete(Path file) {
    try {
      if (file != null) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      // A temporary file stays behind; the report is no worse for it.
      file.toFile().deleteOnExit();
    }
  }
}
