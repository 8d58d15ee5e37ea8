package io.pfagent.demo;

import java.io.PrintStream;
import java.nio.ByteBuffer;

/**
 * The same work in every round, with another setting of the kernel from half way on: a recording of
 * it shows what that setting saves.
 *
 * <p>A round faults in two ways. {@code allocateDirect} zeroes its buffer and so takes all of its
 * faults itself; an Unsafe block is not zeroed, and its faults are taken by the method of this
 * program that scans it.
 */
public final class PreallocRounds {

  private static final String HELP =
      """
      usage: PreallocRounds [SIZE] [ROUNDS] [PAGES]
      Allocates and scans memory in rounds; half way, the agent's Preallocation bean is told to
      have the kernel hand out PAGES pages per fault.
        SIZE    bytes of the buffer and of the Unsafe block of each round (default 64m)
        ROUNDS  how many in each half (default 12)
        PAGES   1 to 512 (default: as many as the bean says that it supports)
      """;

  /** Bytes from one touch to the next: the smallest page of x86-64 and aarch64. */
  private static final int PAGE = 4096;

  private PreallocRounds() {}

  /** Runs the demo; {@code --help} lists its arguments. */
  public static void main(String[] args) {
    Launcher.launch(HELP, PreallocRounds::run, args);
  }

  static void run(Arguments arguments, PrintStream out) throws Exception {
    int size = arguments.size("SIZE", 64 * Arguments.MEGA);
    int rounds = arguments.count("ROUNDS", 12);
    int pages = arguments.count("PAGES", 0);
    arguments.end();

    rounds("first half", size, rounds, out);
    out.println("PreallocRounds: half way, " + PreallocationSetting.change(pages));
    rounds("second half", size, rounds, out);
  }

  private static void rounds(String half, int size, int rounds, PrintStream out)
      throws InterruptedException {
    long sum = 0;
    for (int round = 0; round < rounds; round++) {
      sum = 31 * sum + round(size);
    }
    out.printf("PreallocRounds: %s, %d rounds of %d bytes, checksum %x%n", half, rounds, size, sum);
  }

  private static long round(int size) throws InterruptedException {
    long limit = BufferPools.bytes() + size;
    long sum = allocateAndDrop(size);
    BufferPools.collectBelow(limit);
    return JvmOptions.allowUnsafe() ? sum + scanFreshBlock(size) : sum;
  }

  /** A method of its own: when it has returned, nothing on the stack holds the buffer. */
  private static long allocateAndDrop(int size) {
    ByteBuffer buffer = ByteBuffer.allocateDirect(size);
    long sum = scanBuffer(buffer);
    BufferCleaner.free(buffer);
    return sum;
  }

  private static long scanBuffer(ByteBuffer buffer) {
    long sum = 0;
    for (int offset = 0; offset <= buffer.capacity() - Long.BYTES; offset += PAGE) {
      sum = 31 * sum + buffer.getLong(offset) + offset;
    }
    return sum;
  }

  private static long scanFreshBlock(int size) {
    long address = UnsafeMemory.allocate(size);
    scanBlock(address, size);
    long sum = UnsafeMemory.get(address) + UnsafeMemory.get(address + size - PAGE);
    UnsafeMemory.free(address);
    return sum;
  }

  /** Its faults are measured by the agent's option {@code touch=}. */
  private static void scanBlock(long address, int size) {
    for (int offset = 0; offset <= size - Long.BYTES; offset += PAGE) {
      UnsafeMemory.put(address + offset, 31L * offset + size);
    }
  }
}
