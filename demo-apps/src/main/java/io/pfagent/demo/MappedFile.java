package io.pfagent.demo;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * A mapped file that is larger than what is read of it.
 *
 * <p>The file is written first, so all of it is in the page cache and no fault waits for the disk.
 * The kernel maps the pages around a fault as well (fault-around, large folios): reading every
 * second page takes far fewer faults than it touches pages. Stores fault too, page by page where
 * the file system tracks which pages are dirty.
 */
public final class MappedFile {

  private static final String HELP =
      """
      usage: MappedFile [SIZE] [FILE]
      Maps a file, reads, loads and writes parts of it, and unmaps it.
        SIZE  bytes of the file (default 256m)
        FILE  where to create it (default: in the temporary directory); deleted at the end
      """;

  /** Bytes from one touch to the next: the smallest page of x86-64 and aarch64. */
  private static final int PAGE = 4096;

  private MappedFile() {}

  /** Runs the demo; {@code --help} lists its arguments. */
  public static void main(String[] args) {
    Launcher.launch(HELP, MappedFile::run, args);
  }

  static void run(Arguments arguments, PrintStream out) throws Exception {
    int size = arguments.size("SIZE", 256 * Arguments.MEGA);
    Optional<Path> newFile = arguments.newFile("FILE");
    arguments.end();

    Path file =
        newFile.isPresent()
            ? Files.createFile(newFile.get())
            : Files.createTempFile("pfagent-demo-", ".bin");
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      long limit = BufferPools.bytes() + 1;
      writeFile(channel, size);
      int quarter = size / 4 & -PAGE;
      long read = readEverySecondPage(channel, size);
      long loaded = loadPart(channel, 2L * quarter, quarter);
      forcePart(channel, 3L * quarter, quarter);
      long forced = readEverySecondPage(channel, size);
      // Unmaps what BufferCleaner could not.
      BufferPools.collectBelow(limit);
      out.printf(
          "MappedFile: %d bytes, checksums %x read, %x loaded, %x after force%n",
          size, read, loaded, forced);
    } finally {
      Files.delete(file);
    }
  }

  /** Fills the file through {@code write}: every page begins with its offset in the file. */
  private static void writeFile(FileChannel channel, int size) throws IOException {
    ByteBuffer chunk = ByteBuffer.allocateDirect(16 * PAGE);
    for (int written = 0; written < size; ) {
      for (int offset = 0; offset < chunk.capacity(); offset += PAGE) {
        chunk.putLong(offset, (long) written + offset);
      }
      chunk.clear().limit(Math.min(chunk.capacity(), size - written));
      while (chunk.hasRemaining()) {
        written += channel.write(chunk);
      }
    }
    BufferCleaner.free(chunk);
  }

  private static long readEverySecondPage(FileChannel channel, int size) throws IOException {
    MappedByteBuffer mapped = channel.map(MapMode.READ_ONLY, 0, size);
    long sum = sumOfPages(mapped, 2 * PAGE);
    BufferCleaner.free(mapped);
    return sum;
  }

  /** {@code load} touches every page of the mapping; the reads after it take no fault. */
  private static long loadPart(FileChannel channel, long position, int size) throws IOException {
    MappedByteBuffer mapped = channel.map(MapMode.READ_ONLY, position, size);
    mapped.load();
    long sum = sumOfPages(mapped, PAGE);
    BufferCleaner.free(mapped);
    return sum;
  }

  private static void forcePart(FileChannel channel, long position, int size) throws IOException {
    MappedByteBuffer mapped = channel.map(MapMode.READ_WRITE, position, size);
    for (int offset = 0; offset < size; offset += PAGE) {
      mapped.putLong(offset, ~(position + offset));
    }
    mapped.force();
    BufferCleaner.free(mapped);
  }

  private static long sumOfPages(ByteBuffer mapped, int step) {
    long sum = 0;
    for (int offset = 0; offset <= mapped.capacity() - Long.BYTES; offset += step) {
      sum = 31 * sum + mapped.getLong(offset);
    }
    return sum;
  }
}
