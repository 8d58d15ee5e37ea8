package io.pfagent.app;

import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.LockSupport;

/**
 * Virtual threads that touch a page each, twenty calls deep: half of them were parked even deeper
 * before, so that most of their frames are on the heap when they touch. For JDKs that have them.
 */
final class ParkedVirtualThreads {

  private static final int PAGE = 4096;
  private static final int DEPTH = 20;
  private static final int LONG_ENOUGH_NANOS = 1_000_000;

  private ParkedVirtualThreads() {}

  /** Argument: threads. */
  public static void main(String[] args) throws Throwable {
    MethodHandle start =
        MethodHandles.lookup()
            .findStatic(
                Thread.class,
                "startVirtualThread",
                MethodType.methodType(Thread.class, Runnable.class));
    int threads = Integer.parseInt(args[0]);
    ByteBuffer buffer = untouched(threads * PAGE);
    for (int i = 0; i < threads; i++) {
      int index = i * PAGE;
      boolean parks = i % 2 == 0;
      Runnable task = () -> down(DEPTH, parks, buffer, index);
      Thread thread = (Thread) start.invokeExact(task);
      thread.join();
    }
    System.out.println("touched");
  }

  private static void down(int depth, boolean parks, ByteBuffer buffer, int index) {
    if (depth > 0) {
      down(depth - 1, parks, buffer, index);
    } else {
      if (parks) {
        park(DEPTH);
      }
      touch(buffer, index);
    }
  }

  private static void park(int depth) {
    if (depth > 0) {
      park(depth - 1);
    } else {
      LockSupport.parkNanos(LONG_ENOUGH_NANOS);
    }
  }

  private static void touch(ByteBuffer buffer, int index) {
    buffer.put(index, (byte) 1);
  }

  /** Memory that is mapped and not written to yet: a buffer of the heap would be zeroed here. */
  private static ByteBuffer untouched(int bytes) throws IOException {
    Path file = Files.createTempFile("pfagent-virtual", null);
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      return channel.map(FileChannel.MapMode.PRIVATE, 0, bytes);
    } finally {
      Files.delete(file);
    }
  }
}
