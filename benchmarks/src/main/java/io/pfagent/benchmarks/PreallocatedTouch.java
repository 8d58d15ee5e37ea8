package io.pfagent.benchmarks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;

/**
 * Allocates a direct buffer, writes all of it, page by page in order or at random, and frees it,
 * again and again. Prints a line for each round: nanoseconds of the allocation, its faults,
 * nanoseconds of the writes, their faults. The faults are the kernel's own count for the thread.
 *
 * <p>A page is written by copying one from the processor's nearest cache: nothing in Java writes
 * faster, and so as little as can be of the time is the program's own.
 *
 * <p>The first rounds are not printed: code is not compiled then, and on a virtual machine the
 * memory below may be touched for the first time itself.
 */
public final class PreallocatedTouch {

  private static final int WARM_UP_ROUNDS = 4;

  /** The code that allocates is compiled before anything is measured, as in a JVM that runs. */
  private static final int WARM_UP_ALLOCATIONS = 5_000;

  private static final int WARM_UP_BYTES = 64 << 10;

  private static final int PAGE = 4096;

  private PreallocatedTouch() {}

  /** Takes the bytes of the buffer, how many rounds to print, and sequential or random. */
  public static void main(String[] args) throws Throwable {
    if (args.length != 3) {
      System.err.println("usage: PreallocatedTouch BYTES ROUNDS sequential|random");
      System.exit(2);
    }
    int bytes = Integer.parseInt(args[0]);
    int rounds = Integer.parseInt(args[1]);
    int[] pages = pages(bytes / PAGE, args[2].equals("random"));
    byte[] content = new byte[PAGE];
    Arrays.fill(content, (byte) 1);
    for (int i = 0; i < WARM_UP_ALLOCATIONS; i++) {
      OffHeap.free(ByteBuffer.allocateDirect(WARM_UP_BYTES));
    }
    for (int round = 0; round < WARM_UP_ROUNDS + rounds; round++) {
      long faults = faults();
      long start = System.nanoTime();
      ByteBuffer buffer = ByteBuffer.allocateDirect(bytes);
      long allocated = System.nanoTime();
      long faultsThen = faults();
      long begin = System.nanoTime();
      for (int page : pages) {
        buffer.put(page * PAGE, content, 0, PAGE);
      }
      long written = System.nanoTime();
      long faultsNow = faults();
      if (round >= WARM_UP_ROUNDS) {
        System.out.println(
            (allocated - start)
                + " "
                + (faultsThen - faults)
                + " "
                + (written - begin)
                + " "
                + (faultsNow - faultsThen));
      }
      OffHeap.free(buffer);
    }
  }

  private static int[] pages(int count, boolean shuffled) {
    int[] pages = new int[count];
    for (int i = 0; i < count; i++) {
      pages[i] = i;
    }
    Random random = new Random(1);
    for (int i = count - 1; shuffled && i > 0; i--) {
      int other = random.nextInt(i + 1);
      int page = pages[i];
      pages[i] = pages[other];
      pages[other] = page;
    }
    return pages;
  }

  /** Minor faults of this thread, field 10 of proc_pid_stat(5). */
  private static long faults() throws IOException {
    String stat = Files.readString(Path.of("/proc/thread-self/stat"));
    return Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[7]);
  }
}
