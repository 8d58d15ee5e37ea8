package io.pfagent.benchmarks;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Touches fresh memory in two ways, again and again, while page faults are sampled with several
 * periods by turns: a direct buffer, which the JDK zeroes, and a loop that writes a byte to each
 * page. All periods meet the same JVM and the same moods of the machine.
 *
 * <p>Prints a line per touch: the period, then for each of both ways how many nanoseconds it took,
 * and how many of these the thread had a processor; then what the process used meanwhile. After
 * each turn {@code samples PERIOD TAKEN LOST} follows, if the profiler tells.
 */
public final class SampledTouch {

  private static final String OFF = "off";

  /** Each turn: the code is compiled, and a period that adapts itself has done so. */
  private static final int WARM_UP_TOUCHES = 5;

  private static final int TOUCHES = 3;
  private static final int PAGE_BYTES = 4096;

  private final int bytes;
  private final PageFaultProfiler profiler;

  private SampledTouch(int bytes, PageFaultProfiler profiler) {
    this.bytes = bytes;
    this.profiler = profiler;
  }

  /** Takes the bytes to touch, how many rounds to make, the profiler, and the periods. */
  public static void main(String[] args) throws Throwable {
    if (args.length < 4) {
      System.err.println(
          "usage: SampledTouch BYTES ROUNDS pfagent|kernel|async-profiler:LIBRARY PERIOD...");
      System.exit(2);
    }
    SampledTouch touch =
        new SampledTouch(Integer.parseInt(args[0]), PageFaultProfiler.named(args[2]));
    List<String> periods = new ArrayList<>(Arrays.asList(args).subList(3, args.length));
    periods.add(0, OFF);
    // The first round is the JVM's and the guest memory's own warm-up.
    for (int round = -1; round < Integer.parseInt(args[1]); round++) {
      for (String period : periods) {
        touch.takeTurn(period, round >= 0);
      }
    }
  }

  private void takeTurn(String period, boolean isMeasured) throws Throwable {
    PageFaultProfiler.Samples before = profiler.samples();
    if (!period.equals(OFF)) {
      profiler.start(period);
    }
    for (int i = -WARM_UP_TOUCHES; i < TOUCHES; i++) {
      Cost start = Cost.now();
      Cost allocate = allocateDirect();
      Cost write = writeEachPage();
      Cost all = Cost.since(start);
      if (isMeasured && i >= 0) {
        System.out.printf(
            "%s %d %d %d %d %d%n",
            period,
            allocate.wallNanos(),
            allocate.threadNanos(),
            write.wallNanos(),
            write.threadNanos(),
            all.processNanos());
      }
    }
    if (!period.equals(OFF)) {
      profiler.stop();
      PageFaultProfiler.Samples taken = profiler.samples().since(before);
      if (isMeasured && taken.isKnown()) {
        System.out.printf("samples %s %d %d%n", period, taken.taken(), taken.lost());
      }
    }
  }

  private Cost allocateDirect() throws Throwable {
    Cost start = Cost.now();
    ByteBuffer buffer = ByteBuffer.allocateDirect(bytes);
    Cost cost = Cost.since(start);
    OffHeap.free(buffer);
    return cost;
  }

  private Cost writeEachPage() throws Throwable {
    long address = OffHeap.allocate(bytes);
    Cost start = Cost.now();
    for (long offset = 0; offset < bytes; offset += PAGE_BYTES) {
      OffHeap.putByte(address + offset, (byte) 1);
    }
    Cost cost = Cost.since(start);
    OffHeap.free(address);
    return cost;
  }
}
