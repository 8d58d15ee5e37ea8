package io.pfagent.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/**
 * Time on the clock and on the processor: where others use the machine they lie far apart.
 *
 * @param wallNanos on the clock
 * @param threadNanos that the calling thread had a processor
 * @param processNanos that all threads of the process had one, to the 10 ms
 */
record Cost(long wallNanos, long threadNanos, long processNanos) {

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final OperatingSystemMXBean PROCESS =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  static Cost now() {
    long process = PROCESS.getProcessCpuTime();
    return new Cost(System.nanoTime(), THREADS.getCurrentThreadCpuTime(), process);
  }

  static Cost since(Cost start) {
    Cost now = now();
    return new Cost(
        now.wallNanos - start.wallNanos,
        now.threadNanos - start.threadNanos,
        now.processNanos - start.processNanos);
  }
}
