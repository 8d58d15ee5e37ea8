package io.pfagent.app;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Touches each page of a mapped file's private buffer once, from a method three calls deep, which
 * is compiled and inlined long before.
 */
final class TouchDeep {

  private static final int PAGE = 4096;
  private static final int CHUNK_PAGES = 256;

  private TouchDeep() {}

  /** Arguments: a scratch file, pages to touch in the buffer that counts. */
  public static void main(String[] args) throws Exception {
    int pages = Integer.parseInt(args[1]);
    ByteBuffer warm = map(Path.of(args[0] + ".warm"), 64 * CHUNK_PAGES);
    for (int i = 0; i < 2_000; i++) {
      outer(warm, (i % 64) * CHUNK_PAGES, CHUNK_PAGES);
    }
    ByteBuffer buffer = map(Path.of(args[0]), pages);
    for (int page = 0; page < pages; page += CHUNK_PAGES) {
      outer(buffer, page, CHUNK_PAGES);
    }
    System.out.println("touched " + pages);
  }

  /** Private and sparse: each first store into a page is one fault, whatever the file system. */
  private static ByteBuffer map(Path file, int pages) throws Exception {
    try (FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.allocate(1), (long) pages * PAGE - 1);
      return channel.map(FileChannel.MapMode.PRIVATE, 0, (long) pages * PAGE);
    } finally {
      Files.deleteIfExists(file);
    }
  }

  static void outer(ByteBuffer buffer, int firstPage, int pages) {
    middle(buffer, firstPage, pages);
  }

  static void middle(ByteBuffer buffer, int firstPage, int pages) {
    for (int page = firstPage; page < firstPage + pages; page++) {
      touch(buffer, page);
    }
  }

  static void touch(ByteBuffer buffer, int page) {
    buffer.put(page * PAGE, (byte) 1);
  }
}
