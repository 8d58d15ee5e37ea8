package io.pfagent.app;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Native segments of arenas, one of them aligned to pages, and a file mapped into an arena. */
public final class AllocateArena {

  private static final long SIZE = 128L << 20;

  private AllocateArena() {}

  public static void main(String[] arguments) throws Exception {
    TaskFaults.minor();
    try (Arena arena = Arena.ofConfined()) {
      long before = TaskFaults.minor();
      int line = TaskFaults.line() + 1;
      MemorySegment segment = arena.allocate(SIZE);
      System.out.println("arena " + (TaskFaults.minor() - before) + " " + line);
      System.out.println("address " + segment.address());
      System.out.println("aligned " + arena.allocate(SIZE / 2, 1 << 16).address());
      try (FileChannel channel =
          FileChannel.open(
              Path.of(arguments[0]),
              StandardOpenOption.CREATE,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE)) {
        MemorySegment mapped = channel.map(FileChannel.MapMode.READ_WRITE, 4097, SIZE, arena);
        System.out.println("mapped " + mapped.address());
      }
    }
  }
}
