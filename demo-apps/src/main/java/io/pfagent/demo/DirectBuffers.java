package io.pfagent.demo;

import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;

/**
 * Direct buffers and raw Unsafe memory: who allocates, who touches first, who frees.
 *
 * <p>The JDK zeroes a direct buffer while it allocates it. That touches every page, so all the
 * faults of a direct buffer are paid inside {@code allocateDirect}, and the methods that use it
 * later take none. An Unsafe block is not zeroed: its faults are paid by the methods that touch it.
 */
public final class DirectBuffers {

  private static final String HELP =
      """
      usage: DirectBuffers [SIZE] [ROUNDS]
      Allocates, touches and frees direct buffers and an Unsafe block.
        SIZE    bytes of each buffer (default 64m); the Unsafe block has a quarter of it
        ROUNDS  how often three buffers are allocated (default 3)
      """;

  /** Bytes from one touch to the next: the smallest page of x86-64 and aarch64. */
  private static final int PAGE = 4096;

  private DirectBuffers() {}

  /** Runs the demo; {@code --help} lists its arguments. */
  public static void main(String[] args) {
    Launcher.launch(HELP, DirectBuffers::run, args);
  }

  static void run(Arguments arguments, PrintStream out) throws DemoException, InterruptedException {
    int size = arguments.size("SIZE", 64 * Arguments.MEGA);
    int rounds = arguments.count("ROUNDS", 3);
    arguments.end();

    SplittableRandom random = new SplittableRandom(size);
    long sum = 0;
    ByteBuffer kept = ByteBuffer.allocateDirect(0);
    for (int round = 0; round < rounds; round++) {
      // The buffer of the round before loses its last reference here.
      kept = ByteBuffer.allocateDirect(size);
      sum = 31 * sum + touchSequentially(kept) + touchAtRandom(kept, random);
      sum = 31 * sum + freeExplicitly(size);
      sum = 31 * sum + leaveToCollector(size);
    }
    String unsafe =
        JvmOptions.allowUnsafe()
            ? Long.toHexString(useUnsafeBlock(size / 4, random))
            : "skipped, this JDK would warn";
    sum = 31 * sum + touchSequentially(kept);
    out.printf(
        "DirectBuffers: %d rounds of %d bytes, checksum %x, unsafe block %s%n",
        rounds, size, sum, unsafe);
  }

  private static long freeExplicitly(int size) {
    ByteBuffer buffer = ByteBuffer.allocateDirect(size);
    long sum = touchSequentially(buffer);
    BufferCleaner.free(buffer);
    return sum;
  }

  private static long leaveToCollector(int size) throws InterruptedException {
    long limit = BufferPools.bytes() + size;
    long sum = allocateAndDrop(size);
    BufferPools.collectBelow(limit);
    return sum;
  }

  /** A method of its own: when it has returned, nothing on the stack holds the buffer. */
  private static long allocateAndDrop(int size) {
    return touchSequentially(ByteBuffer.allocateDirect(size));
  }

  private static long touchSequentially(ByteBuffer buffer) {
    long sum = 0;
    for (int offset = 0; offset <= buffer.capacity() - Long.BYTES; offset += PAGE) {
      sum = 31 * sum + buffer.getLong(offset);
      buffer.putLong(offset, sum + offset);
    }
    return sum;
  }

  private static long touchAtRandom(ByteBuffer buffer, SplittableRandom random) {
    int pages = buffer.capacity() / PAGE;
    long sum = 0;
    for (int touch = 0; touch < pages; touch++) {
      int offset = random.nextInt(pages) * PAGE;
      sum = 31 * sum + buffer.getLong(offset);
      buffer.putLong(offset, sum + touch);
    }
    return sum;
  }

  private static long useUnsafeBlock(int size, SplittableRandom random) {
    long address = UnsafeMemory.allocate(size);
    touchBlockAtRandom(address, size, random);
    touchBlockSequentially(address, size);
    // glibc moves a large block with mremap, without copying: only the new half faults.
    address = UnsafeMemory.reallocate(address, 2L * size);
    touchBlockSequentially(address + size, size);
    long sum = sumOfBlock(address, 2L * size);
    UnsafeMemory.free(address);
    return sum;
  }

  /** Touches about 63 % of the pages, some of them more than once. */
  private static void touchBlockAtRandom(long address, int size, SplittableRandom random) {
    int pages = size / PAGE;
    for (int touch = 0; touch < pages; touch++) {
      UnsafeMemory.put(address + (long) random.nextInt(pages) * PAGE, touch);
    }
  }

  private static void touchBlockSequentially(long address, int size) {
    for (int offset = 0; offset <= size - Long.BYTES; offset += PAGE) {
      UnsafeMemory.put(address + offset, 31L * offset + size);
    }
  }

  private static long sumOfBlock(long address, long size) {
    long sum = 0;
    for (long offset = 0; offset <= size - Long.BYTES; offset += PAGE) {
      sum = 31 * sum + UnsafeMemory.get(address + offset);
    }
    return sum;
  }
}
