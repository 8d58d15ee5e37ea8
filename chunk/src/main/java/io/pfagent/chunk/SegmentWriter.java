package io.pfagent.chunk;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/**
 * Writes one segment. Not through a channel: those close when their thread is interrupted.
 *
 * <p>Records gather in a buffer, which goes to the file as a block when it is full or when that is
 * asked for. A block that can't be written whole is taken back.
 */
final class SegmentWriter implements AutoCloseable {

  private final Path path;
  private final int number;
  private final RandomAccessFile file;
  private final ByteWriter block = new ByteWriter(SegmentFormat.BLOCK_BYTES + 4096);
  private final ByteWriter header = new ByteWriter(SegmentFormat.HEADER_BYTES);
  private final CRC32C checksum = new CRC32C();
  private long fileBytes;
  private long samples;
  private long samplesInBlock;

  /**
   * Begins a segment.
   *
   * @param path an empty file
   * @param number differs from those of the file's other segments; 1 or more
   * @param samplesBefore how many samples were taken before it
   */
  SegmentWriter(Path path, int number, long samplesBefore) throws IOException {
    this.path = path;
    this.number = number;
    this.file = new RandomAccessFile(path.toFile(), "rw");
    try {
      header.fixedLong(SegmentFormat.MAGIC);
      header.fixedInt(SegmentFormat.VERSION);
      header.fixedInt((int) ProcessHandle.current().pid());
      header.fixedLong(samplesBefore);
      file.write(header.array(), 0, header.size());
      fileBytes = header.size();
    } catch (IOException failure) {
      file.close();
      throw failure;
    }
  }

  Path path() {
    return path;
  }

  int number() {
    return number;
  }

  /** Where the next record goes; {@link #recordDone} follows. */
  ByteWriter block() {
    return block;
  }

  /** Says that a record is complete, and writes the block if it is full. */
  void recordDone() throws IOException {
    if (block.size() >= SegmentFormat.BLOCK_BYTES) {
      flush();
    }
  }

  /** Says that a sample is complete. */
  void sampleDone() throws IOException {
    samplesInBlock++;
    recordDone();
  }

  /** Bytes in the file and in the buffer. */
  long size() {
    return fileBytes + block.size();
  }

  /** Samples in the file and in the buffer. */
  long samples() {
    return samples + samplesInBlock;
  }

  /** Hands what is in the buffer to the kernel, which keeps it even if the process is killed. */
  void flush() throws IOException {
    if (block.size() == 0) {
      return;
    }
    checksum.reset();
    checksum.update(block.array(), 0, block.size());
    header.clear();
    header.fixedInt(block.size());
    header.fixedInt((int) checksum.getValue());
    try {
      file.write(header.array(), 0, header.size());
      file.write(block.array(), 0, block.size());
    } catch (IOException failure) {
      takeBack(failure);
      throw failure;
    }
    fileBytes += header.size() + block.size();
    samples += samplesInBlock;
    samplesInBlock = 0;
    block.clear();
  }

  private void takeBack(IOException failure) {
    try {
      file.setLength(fileBytes);
    } catch (IOException another) {
      // The reader knows a torn block by its checksum.
      failure.addSuppressed(another);
    }
  }

  /** Closes the file; what is in the buffer is lost. */
  @Override
  public void close() throws IOException {
    samplesInBlock = 0;
    block.clear();
    file.close();
  }
}
