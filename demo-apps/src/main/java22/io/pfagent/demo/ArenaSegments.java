package io.pfagent.demo;

import java.io.PrintStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Memory segments of the three kinds of arenas: confined to one thread, shared, and automatic.
 *
 * <p>The JDK zeroes a segment while it allocates it, so the faults are paid inside {@code
 * allocate}, as with direct buffers. Closing an arena frees its segments at once; those of an
 * automatic arena stay until the collector finds them.
 */
public final class ArenaSegments {

  private static final String HELP =
      """
      usage: ArenaSegments [SIZE]
      Allocates, fills, slices, copies and frees memory segments.
        SIZE  bytes of each segment (default 128m); at most two are alive at a time
      """;

  /** Bytes from one read to the next: the smallest page of x86-64 and aarch64. */
  private static final int PAGE = 4096;

  private ArenaSegments() {}

  /** Runs the demo; {@code --help} lists its arguments. */
  public static void main(String[] args) {
    Launcher.launch(HELP, ArenaSegments::run, args);
  }

  static void run(Arguments arguments, PrintStream out) throws DemoException, InterruptedException {
    int size = arguments.size("SIZE", 128 * Arguments.MEGA);
    arguments.end();

    long confined = useConfined(size);
    long shared = useShared(size);
    long copied = copyToAutomatic(size);
    // The segment of the automatic arena is garbage now.
    System.gc();
    out.printf(
        "ArenaSegments: %d bytes, checksums %x confined, %x shared, %x copied%n",
        size, confined, shared, copied);
  }

  private static long useConfined(long size) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment segment = arena.allocate(size);
      segment.fill((byte) 1);
      // A slice is a view: another address, and no memory of its own.
      segment.asSlice(size / 2, size / 4).fill((byte) 2);
      return sumOfPages(segment);
    }
  }

  private static long useShared(long size) throws InterruptedException {
    try (Arena arena = Arena.ofShared()) {
      MemorySegment segment = arena.allocate(size);
      Thread filler = new Thread(() -> segment.fill((byte) 3), "segment-filler");
      filler.start();
      filler.join();
      return sumOfPages(segment);
    }
  }

  private static long copyToAutomatic(long size) {
    MemorySegment copy = Arena.ofAuto().allocate(size);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment source = arena.allocate(size);
      source.asSlice(size / 2).fill((byte) 4);
      copy.copyFrom(source);
    }
    return sumOfPages(copy);
  }

  private static long sumOfPages(MemorySegment segment) {
    long sum = 0;
    for (long offset = 0; offset <= segment.byteSize() - Long.BYTES; offset += PAGE) {
      sum = 31 * sum + segment.get(ValueLayout.JAVA_LONG_UNALIGNED, offset);
    }
    return sum;
  }
}
