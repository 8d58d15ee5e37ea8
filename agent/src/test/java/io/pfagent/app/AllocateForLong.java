package io.pfagent.app;

import java.nio.ByteBuffer;

/**
 * Allocates direct buffers, which the JDK zeroes, and gives them back: it does little but fault.
 */
public final class AllocateForLong {

  private AllocateForLong() {}

  /** Takes the number of buffers, and the bytes of each. */
  public static void main(String[] args) {
    int buffers = Integer.parseInt(args[0]);
    int bytes = Integer.parseInt(args[1]);
    for (int i = 0; i < buffers; i++) {
      DirectMemory.free(ByteBuffer.allocateDirect(bytes));
    }
  }
}
