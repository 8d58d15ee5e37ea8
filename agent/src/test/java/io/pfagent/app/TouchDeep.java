package io.pfagent.app;

import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Touches each page of a private mapping once, from a method that is three calls deep, once it is
 * compiled.
 */
final class TouchDeep {

  private static final int PAGE = 4096;
  private static final int CHUNK_PAGES = 64;
  private static final int WARM_CALLS = 100_000;

  private TouchDeep() {}

  /** Argument: pages to touch. */
  public static void main(String[] args) throws IOException {
    int pages = Integer.parseInt(args[0]);
    MappedByteBuffer warm = map(CHUNK_PAGES);
    for (int i = 0; i < WARM_CALLS; i++) {
      outer(warm, 0);
    }
    MappedByteBuffer buffer = map(pages);
    for (int page = 0; page < pages; page += CHUNK_PAGES) {
      outer(buffer, page);
    }
    System.out.println("touched");
  }

  static void outer(MappedByteBuffer buffer, int firstPage) {
    middle(buffer, firstPage);
  }

  static void middle(MappedByteBuffer buffer, int firstPage) {
    for (int page = firstPage; page < firstPage + CHUNK_PAGES; page++) {
      touch(buffer, page * PAGE);
    }
  }

  static void touch(MappedByteBuffer buffer, int index) {
    buffer.put(index, (byte) 1);
  }

  /** The first store into a page of a private mapping is one fault, whatever the file system. */
  private static MappedByteBuffer map(int pages) throws IOException {
    Path file = Files.createTempFile("pfagent-touch", null);
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      return channel.map(FileChannel.MapMode.PRIVATE, 0, (long) pages * PAGE);
    } finally {
      Files.delete(file);
    }
  }
}
