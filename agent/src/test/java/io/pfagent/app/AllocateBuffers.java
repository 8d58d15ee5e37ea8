package io.pfagent.app;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Direct buffers of 40 MB, which malloc always maps afresh, each in a thread of its own. */
final class AllocateBuffers {

  private static final int BYTES = 40 << 20;

  private AllocateBuffers() {}

  /** Argument: how many. */
  public static void main(String[] args) throws InterruptedException {
    List<ByteBuffer> buffers = new ArrayList<>();
    for (int i = 0; i < Integer.parseInt(args[0]); i++) {
      Thread thread =
          new Thread(() -> buffers.add(ByteBuffer.allocateDirect(BYTES)), "buffer-" + i);
      thread.start();
      thread.join();
    }
    System.out.println(buffers.size());
  }
}
