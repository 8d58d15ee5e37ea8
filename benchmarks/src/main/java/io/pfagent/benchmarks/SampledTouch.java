package io.pfagent.benchmarks;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/**
 * Touches fresh memory in two ways, again and again: a direct buffer, which the JDK zeroes, and a
 * loop that writes a byte to each page. Prints a line a round: for each of them how many
 * nanoseconds it took, and how many of these the thread had a processor. If pfagent is there,
 * {@code samples TAKEN LOST} follows.
 *
 * <p>The first rounds are not printed, as in {@link FirstTouch}.
 */
public final class SampledTouch {

  private static final int WARM_UP_ROUNDS = 3;
  private static final int PAGE_BYTES = 4096;

  private SampledTouch() {}

  /** Takes the bytes to touch and how many rounds to print. */
  public static void main(String[] args) throws Throwable {
    if (args.length != 2) {
      System.err.println("usage: SampledTouch BYTES ROUNDS");
      System.exit(2);
    }
    int bytes = Integer.parseInt(args[0]);
    int rounds = Integer.parseInt(args[1]);
    for (int round = -WARM_UP_ROUNDS; round < rounds; round++) {
      Cost allocate = allocateDirect(bytes);
      Cost touch = touchEachPage(bytes);
      if (round >= 0) {
        System.out.println(allocate + " " + touch);
      }
    }
    printSamples();
  }

  private static Cost allocateDirect(int bytes) throws Throwable {
    Cost start = Cost.now();
    ByteBuffer buffer = ByteBuffer.allocateDirect(bytes);
    Cost cost = Cost.since(start);
    OffHeap.free(buffer);
    return cost;
  }

  private static Cost touchEachPage(long bytes) throws Throwable {
    long address = OffHeap.allocate(bytes);
    Cost start = Cost.now();
    for (long offset = 0; offset < bytes; offset += PAGE_BYTES) {
      OffHeap.putByte(address + offset, (byte) 1);
    }
    Cost cost = Cost.since(start);
    OffHeap.free(address);
    return cost;
  }

  /** Asks the agent's MXBean by name: the agent's classes are not the application's. */
  private static void printSamples() throws JMException {
    MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    ObjectName faults = new ObjectName("io.pfagent:type=PageFaults");
    if (server.isRegistered(faults)) {
      System.out.println(
          "samples "
              + server.getAttribute(faults, "SampledFaults")
              + " "
              + server.getAttribute(faults, "LostSamples"));
    }
  }

  /** Time on the clock and on the processor: where others use the machine they lie far apart. */
  private record Cost(long wallNanos, long processorNanos) {

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    static Cost now() {
      return new Cost(System.nanoTime(), THREADS.getCurrentThreadCpuTime());
    }

    static Cost since(Cost start) {
      Cost now = now();
      return new Cost(now.wallNanos - start.wallNanos, now.processorNanos - start.processorNanos);
    }

    @Override
    public String toString() {
      return wallNanos + " " + processorNanos;
    }
  }
}
