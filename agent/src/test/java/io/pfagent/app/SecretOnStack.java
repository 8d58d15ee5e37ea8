package io.pfagent.app;

import java.nio.ByteBuffer;

/**
 * Allocates direct buffers while a secret lies in a local variable of each of its frames. The
 * secret is computed: no argument and no class file holds it.
 */
final class SecretOnStack {

  private static final int BYTES = 4 << 20;
  private static final int DEPTH = 30;

  private SecretOnStack() {}

  /** Arguments: two numbers, of which the secret is the sum. */
  public static void main(String[] args) {
    long secret = Long.parseLong(args[0]) + Long.parseLong(args[1]);
    System.out.println(keep(secret, DEPTH) == 0 ? "lost" : "kept");
  }

  private static long keep(long secret, int depth) {
    long capacity =
        depth == 0 ? ByteBuffer.allocateDirect(BYTES).capacity() : keep(secret, depth - 1);
    return secret ^ capacity;
  }
}
