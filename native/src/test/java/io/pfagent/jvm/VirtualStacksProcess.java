package io.pfagent.jvm;

import io.pfagent.kernel.FaultRing;
import io.pfagent.kernel.FreshPages;
import java.util.concurrent.locks.LockSupport;

/**
 * Samples page faults of virtual threads: of some that were never parked, and of some that were
 * parked deep in their calls and have come back a little. Arguments: threads, whether they are
 * parked.
 */
final class VirtualStacksProcess {

  private static final int STACK_BYTES = 32 * 1024;
  private static final int RING_BYTES = 32 << 20;
  private static final int DEPTH = 20;

  private final Truth truth;

  private VirtualStacksProcess(Truth truth) {
    this.truth = truth;
  }

  public static void main(String[] arguments) throws Exception {
    int threads = Integer.parseInt(arguments[0]);
    boolean parked = Boolean.parseBoolean(arguments[1]);
    try (CodeMap code = CodeMap.load();
        StackUnwinder unwinder = UnloadedClasses.unwinder(code)) {
      Tally tally = new Tally();
      Truth truth = new Truth(FreshPages.of(threads), tally);
      VirtualStacksProcess process = new VirtualStacksProcess(truth);
      long mask = unwinder.registerMask();
      try (FaultRing ring = FaultRing.ofFaults(mask, STACK_BYTES, RING_BYTES);
          SampledStacks sampled = new SampledStacks(code, unwinder, ring, truth)) {
        ring.enable();
        for (int i = 0; i < threads; i++) {
          start(() -> process.down(DEPTH, parked)).join();
        }
        sampled.finish();
      }
      System.out.println(tally);
      System.out.printf("whole %d heads %d of %d%n", tally.physical, tally.heads, tally.samples);
    }
  }

  /** {@code Thread.startVirtualThread}, which this project's oldest JDK does not have. */
  private static Thread start(Runnable task) throws ReflectiveOperationException {
    return (Thread) Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, task);
  }

  private void down(int depth, boolean parked) {
    if (depth > 0) {
      down(depth - 1, parked);
    } else {
      if (parked) {
        park(DEPTH);
      }
      touch();
    }
  }

  private static void park(int depth) {
    if (depth > 0) {
      park(depth - 1);
    } else {
      LockSupport.parkNanos(1000);
    }
  }

  private void touch() {
    int offset = truth.page(new Throwable());
    if (offset >= 0) {
      truth.region().memory().put(offset, (byte) 1);
    }
  }
}
