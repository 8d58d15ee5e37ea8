package io.pfagent.app;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Two threads hand over to each other, and fault little. By the process's perf events it sees
 * whether there is sampling.
 */
public final class HandOver {

  private static final int HANDOVERS_PER_LOOK = 1_000;

  private final Thread first = Thread.currentThread();
  private final Thread second = new Thread(this::answer, "second");
  private volatile boolean isTurnOfSecond;

  private HandOver() {
    second.setDaemon(true);
    second.start();
  }

  /**
   * Takes the bytes of a buffer. Without a number of handovers it hands over until there are no
   * events, allocates the buffer, and goes on until there are events again.
   */
  public static void main(String[] args) throws IOException {
    int bytes = Integer.parseInt(args[0]);
    HandOver pair = new HandOver();
    if (args.length > 1) {
      pair.handOver(Integer.parseInt(args[1]));
      return;
    }
    pair.handOverUntil(true);
    boolean wentByUncounted;
    do {
      pair.handOverUntil(false);
      DirectMemory.free(ByteBuffer.allocateDirect(bytes));
      wentByUncounted = !hasEvents();
    } while (!wentByUncounted);
    pair.handOverUntil(true);
  }

  private void handOverUntil(boolean events) throws IOException {
    while (hasEvents() != events) {
      handOver(HANDOVERS_PER_LOOK);
    }
  }

  private void handOver(int times) {
    for (int i = 0; i < times; i++) {
      isTurnOfSecond = true;
      LockSupport.unpark(second);
      while (isTurnOfSecond) {
        LockSupport.park(this);
      }
    }
  }

  private void answer() {
    while (true) {
      while (!isTurnOfSecond) {
        LockSupport.park(this);
      }
      isTurnOfSecond = false;
      LockSupport.unpark(first);
    }
  }

  private static boolean hasEvents() throws IOException {
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
      return descriptors.anyMatch(HandOver::isEvent);
    }
  }

  private static boolean isEvent(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString().equals("anon_inode:[perf_event]");
    } catch (IOException closed) {
      return false;
    }
  }
}
