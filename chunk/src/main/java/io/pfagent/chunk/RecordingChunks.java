package io.pfagent.chunk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A recording, and where its chunks are. */
final class RecordingChunks implements AutoCloseable {

  private static final int GZIP_MAGIC = 0x1f8b;
  private static final int MAJOR_VERSION = 2;

  /** The first number of an event is its size. */
  private static final int MOST_SIZE_BYTES = 9;

  private final Path path;
  private final FileChannel file;
  private final long size;
  private final List<ChunkHeader> chunks;

  private RecordingChunks(Path path, FileChannel file, long size, List<ChunkHeader> chunks) {
    this.path = path;
    this.file = file;
    this.size = size;
    this.chunks = Collections.unmodifiableList(chunks);
  }

  /**
   * Opens a recording.
   *
   * @throws JoinException if it is none, is not whole, or is written to
   */
  static RecordingChunks open(Path path) throws IOException {
    if (Files.isDirectory(path)) {
      throw new JoinException(
          path + " is a directory; name a recording, or join a JFR repository: jfr assemble");
    }
    FileChannel file = null;
    try {
      file = FileChannel.open(path);
      long size = file.size();
      RecordingChunks recording = new RecordingChunks(path, file, size, read(path, file, size));
      file = null;
      return recording;
    } catch (NoSuchFileException missing) {
      throw new JoinException(path + " does not exist", missing);
    } catch (AccessDeniedException denied) {
      throw new JoinException("no permission to read " + path, denied);
    } finally {
      if (file != null) {
        file.close();
      }
    }
  }

  private static List<ChunkHeader> read(Path path, FileChannel file, long size) throws IOException {
    List<ChunkHeader> chunks = new ArrayList<>();
    long position = 0;
    while (position < size || chunks.isEmpty()) {
      ChunkHeader chunk = ChunkHeader.read(file, position);
      if (chunk == null) {
        throw new JoinException(
            position == 0
                ? notARecording(path, file, size)
                : "%s is damaged: no chunk begins at byte %,d of %,d"
                    .formatted(path, position, size));
      }
      check(path, chunk, size);
      chunks.add(chunk);
      if (!chunk.isFinished()) {
        return chunks; // what follows the last flush of a JVM that was killed is no use
      }
      position = chunk.end();
    }
    return chunks;
  }

  private static String notARecording(Path path, FileChannel file, long size) throws IOException {
    if (size == 0) {
      return path + " is empty; was the JVM that writes it killed?";
    }
    ByteBuffer magic = ByteBuffer.allocate(Short.BYTES);
    if (file.read(magic, 0) == Short.BYTES && (magic.getShort(0) & 0xffff) == GZIP_MAGIC) {
      return path + " is compressed; unpack it first: gunzip";
    }
    return path + " is not a JFR recording, or was cut off within its first bytes";
  }

  private static void check(Path path, ChunkHeader chunk, long size) throws JoinException {
    if (chunk.majorVersion() != MAJOR_VERSION || !chunk.isPacked()) {
      throw new JoinException(
          "%s is in format %d of JFR%s; JDK 11 and later write format %d with packed numbers"
              .formatted(
                  path,
                  chunk.majorVersion(),
                  chunk.isPacked() ? "" : " with plain numbers",
                  MAJOR_VERSION));
    }
    if (chunk.isBeingFlushed()) {
      throw new JoinException(
          path + " is being written to by its JVM; have it written first: jcmd PID JFR.dump");
    }
    if (chunk.size() > size - chunk.start()) {
      throw new JoinException(
          "%s is truncated: it has %,d bytes, its last chunk ends at byte %,d"
              .formatted(path, size, chunk.end()));
    }
    boolean makesSense =
        chunk.size() > ChunkHeader.BYTES
            && isInside(chunk.metadataPosition(), chunk)
            && isInside(chunk.poolPosition(), chunk)
            && chunk.ticksPerSecond() > 0;
    if (!makesSense) {
      throw damaged(path, chunk);
    }
  }

  private static boolean isInside(long position, ChunkHeader chunk) {
    return position >= ChunkHeader.BYTES && position < chunk.size();
  }

  private static JoinException damaged(Path path, ChunkHeader chunk) {
    return new JoinException(
        "%s is damaged: the chunk at byte %,d makes no sense".formatted(path, chunk.start()));
  }

  Path path() {
    return path;
  }

  FileChannel file() {
    return file;
  }

  /** Bytes of the file. */
  long size() {
    return size;
  }

  /** Bytes of the recording: without what a JVM that was killed had not flushed. */
  long end() {
    return chunks.get(chunks.size() - 1).end();
  }

  /** Its chunks, in the order of the file. */
  List<ChunkHeader> chunks() {
    return chunks;
  }

  /** What describes the types of a chunk. */
  Metadata metadata(ChunkHeader chunk) throws IOException {
    byte[] event = event(chunk, chunk.metadataPosition());
    try {
      return Metadata.read(event);
    } catch (IOException | RuntimeException e) {
      JoinException damaged = damaged(path, chunk);
      damaged.initCause(e);
      throw damaged;
    }
  }

  /**
   * An event with its size and all.
   *
   * @param position where it begins, from the chunk's start
   */
  byte[] event(ChunkHeader chunk, long position) throws IOException {
    if (!isInside(position, chunk)) {
      throw damaged(path, chunk);
    }
    byte[] start = bytes(chunk.start() + position, MOST_SIZE_BYTES);
    long length = new ByteReader(start, start.length).number();
    if (length <= 0 || length > chunk.size() - position || length > Integer.MAX_VALUE - 8) {
      throw damaged(path, chunk);
    }
    return bytes(chunk.start() + position, (int) length);
  }

  private byte[] bytes(long position, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(length, size - position));
    while (bytes.hasRemaining()) {
      if (file.read(bytes, position + bytes.position()) < 0) {
        throw new JoinException(path + " became shorter while it was read");
      }
    }
    return bytes.array();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
