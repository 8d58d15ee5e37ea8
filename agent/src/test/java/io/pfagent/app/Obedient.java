package io.pfagent.app;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.LongBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;

/** Does what it is told on standard input, a line each, and answers with a line each. */
public final class Obedient {

  private static final int RECURSIONS = 400_000;
  private static final int STACK_MEGABYTES = 128;

  private static final List<ByteBuffer> KEPT = new ArrayList<>();
  private static final List<Thread> THREADS = new ArrayList<>();
  private static final CountDownLatch RELEASED = new CountDownLatch(1);
  private static final List<byte[]> ARRAYS = new ArrayList<>();

  private Obedient() {}

  public static void main(String[] arguments) throws IOException {
    BufferedReader commands =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    System.out.println("ready");
    for (String line = commands.readLine();
        line != null && !line.equals("end");
        line = commands.readLine()) {
      System.out.println(obey(line.split(" ")));
    }
  }

  private static String obey(String[] words) {
    switch (words[0]) {
      case "allocate" -> KEPT.add(ByteBuffer.allocateDirect(Integer.parseInt(words[1])));
      case "free" -> DirectMemory.free(KEPT.remove(0));
      case "map" -> KEPT.add(map(Path.of(words[1])));
      case "heap" -> ARRAYS.add(new byte[Integer.parseInt(words[1])]);
      case "threads" -> startThreads(Integer.parseInt(words[1]));
      case "release" -> releaseThreads();
      case "churn" -> churn(Integer.parseInt(words[1]));
      case "recurse" -> recurseInOwnThread();
      case "walk" -> Walks.inOrder(Long.parseLong(words[1]), Long.parseLong(words[2]));
      case "onward" -> Walks.onward(Long.parseLong(words[1]), Long.parseLong(words[2]));
      case "set" -> Walks.set(Long.parseLong(words[1]), Byte.parseByte(words[2]));
      case "no-huge-pages" -> HugePages.forbid();
      case "jump" -> Walks.inNoOrder(Long.parseLong(words[1]));
      case "exit" -> System.exit(Integer.parseInt(words[1]));
      case "fail" -> throw new IllegalStateException("as told");
      default -> throw new IllegalArgumentException(words[0]);
    }
    return "done";
  }

  private static ByteBuffer map(Path file) {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      return channel.map(FileChannel.MapMode.READ_WRITE, 0, channel.size());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** They wait, and allocate when they are released. */
  private static void startThreads(int count) {
    for (int i = 0; i < count; i++) {
      Thread thread =
          new Thread(
              () -> {
                try {
                  RELEASED.await();
                  synchronized (KEPT) {
                    KEPT.add(ByteBuffer.allocateDirect(1 << 20));
                  }
                } catch (InterruptedException ended) {
                  Thread.currentThread().interrupt();
                }
              },
              "waiting-" + i);
      thread.start();
      THREADS.add(thread);
    }
  }

  private static void releaseThreads() {
    RELEASED.countDown();
    for (Thread thread : THREADS) {
      try {
        thread.join();
      } catch (InterruptedException ended) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Uses tens of megabytes of a stack that nobody has touched. */
  private static void recurseInOwnThread() {
    Thread thread =
        new Thread(null, () -> recurse(RECURSIONS), "recursing", (long) STACK_MEGABYTES << 20);
    thread.start();
    try {
      thread.join();
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }

  private static long recurse(int depth) {
    return depth == 0 ? 0 : depth + recurse(depth - 1);
  }

  /** Allocates, checks, fills, checks and frees buffers, in two threads. */
  private static void churn(int rounds) {
    IntStream.range(0, 2)
        .parallel()
        .forEach(
            thread -> {
              for (int i = 0; i < rounds; i++) {
                ByteBuffer buffer = ByteBuffer.allocateDirect((5 + i % 40) << 20);
                fill(buffer, 0, i + 1);
                fill(buffer, i + 1, 0);
                DirectMemory.free(buffer);
              }
            });
  }

  private static void fill(ByteBuffer buffer, long expected, long value) {
    LongBuffer words = buffer.asLongBuffer();
    for (int at = 0; at < words.limit(); at += 64) {
      if (words.get(at) != expected) {
        throw new IllegalStateException("found " + words.get(at) + ", expected " + expected);
      }
      words.put(at, value);
    }
  }
}
