package io.pfagent.app;

import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Has the kernel fill memory that nobody has touched: a file is read into a private mapping. */
final class ReadIntoFreshMemory {

  private ReadIntoFreshMemory() {}

  /** Arguments: bytes to read, and how often. */
  public static void main(String[] args) throws IOException {
    long bytes = Long.parseLong(args[0]);
    for (int round = Integer.parseInt(args[1]); round > 0; round--) {
      read(bytes);
    }
    System.out.println("read");
  }

  private static void read(long bytes) throws IOException {
    Path file = Files.createTempFile("pfagent-read", null);
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      MappedByteBuffer target = channel.map(FileChannel.MapMode.PRIVATE, 0, bytes);
      fill(channel, target);
    } finally {
      Files.delete(file);
    }
  }

  static void fill(FileChannel channel, MappedByteBuffer target) throws IOException {
    while (target.hasRemaining()) {
      channel.read(target, target.position());
    }
  }
}
