package io.pfagent.app;

import java.nio.ByteBuffer;

/** Two hundred threads, one after another, each with a buffer and some work of its own. */
final class ShortLivedThreads {

  private static final int THREADS = 200;
  private static final int BYTES = 1 << 20;

  private ShortLivedThreads() {}

  public static void main(String[] args) throws InterruptedException {
    long sum = 0;
    for (int i = 0; i < THREADS; i++) {
      ByteBuffer[] buffer = new ByteBuffer[1];
      Thread thread = new Thread(() -> buffer[0] = ByteBuffer.allocateDirect(BYTES), "short-" + i);
      thread.start();
      thread.join();
      sum += buffer[0].capacity();
    }
    System.out.println(sum);
  }
}
