// SPDX-License-Identifier: GPL-2.0

import java.nio.ByteBuffer;

/** Prints the nanoseconds that {@code allocateDirect} takes, the fastest of some rounds. */
final class AllocateDirect {

  private static final int ROUNDS = 3;

  private AllocateDirect() {}

  public static void main(String[] arguments) {
    int bytes = Integer.parseInt(arguments[0]);
    // Buffers live on, so that each gets memory that nobody has touched.
    ByteBuffer[] buffers = new ByteBuffer[ROUNDS];
    long best = Long.MAX_VALUE;
    for (int round = 0; round < ROUNDS; round++) {
      long start = System.nanoTime();
      buffers[round] = ByteBuffer.allocateDirect(bytes);
      best = Math.min(best, System.nanoTime() - start);
    }
    System.out.println("java\tallocateDirect\t" + arguments[1] + "\t" + best);
  }
}
