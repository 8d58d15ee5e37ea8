package io.pfagent.benchmarks;

import io.pfagent.kernel.FaultSampling;
import io.pfagent.kernel.SampleLayout;
import io.pfagent.kernel.SampleSetUp;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.management.Attribute;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.MBeanServerDelegate;
import javax.management.MBeanServerNotification;
import javax.management.NotificationListener;
import javax.management.ObjectName;
import one.profiler.AsyncProfiler;

/** Who samples the page faults of this JVM, switched on and off while it runs. */
interface PageFaultProfiler {

  /** Begins to sample one fault in so many. */
  void start(String period) throws Exception;

  /** Ends it. */
  void stop() throws Exception;

  /** What was sampled since the JVM began. */
  Samples samples() throws Exception;

  /**
   * Counts of samples, -1 where they are not told.
   *
   * @param taken that were read
   * @param lost that found no room
   */
  record Samples(long taken, long lost) {

    static final Samples UNKNOWN = new Samples(-1, -1);

    boolean isKnown() {
      return taken >= 0;
    }

    Samples since(Samples before) {
      return isKnown() ? new Samples(taken - before.taken, lost - before.lost) : UNKNOWN;
    }
  }

  /** Takes {@code pfagent}, {@code kernel} or {@code async-profiler:LIBRARY}. */
  static PageFaultProfiler named(String name) throws Exception {
    return switch (name) {
      case "pfagent" -> new Pfagent();
      case "kernel" -> new Kernel();
      default -> new Async(AsyncProfiler.getInstance(name.substring(name.indexOf(':') + 1)));
    };
  }

  /** Asks the agent's MXBean by name: the agent's classes are not the application's. */
  final class Pfagent implements PageFaultProfiler {

    private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    private final ObjectName faults;

    private Pfagent() throws JMException, InterruptedException {
      faults = new ObjectName("io.pfagent:type=PageFaults");
      awaitBean();
    }

    /** The agent registers its beans while the application starts. */
    private void awaitBean() throws JMException, InterruptedException {
      CountDownLatch registered = new CountDownLatch(1);
      NotificationListener listener =
          (notification, handback) -> {
            if (notification instanceof MBeanServerNotification change
                && change.getMBeanName().equals(faults)) {
              registered.countDown();
            }
          };
      server.addNotificationListener(
          MBeanServerDelegate.DELEGATE_NAME, listener, /* filter= */ null, /* handback= */ null);
      if (!server.isRegistered(faults) && !registered.await(30, TimeUnit.SECONDS)) {
        throw new IllegalStateException("no " + faults + " for 30 s; is the agent there?");
      }
      server.removeNotificationListener(MBeanServerDelegate.DELEGATE_NAME, listener);
    }

    @Override
    public void start(String period) throws JMException {
      server.setAttribute(faults, new Attribute("SamplePeriod", period));
    }

    @Override
    public void stop() throws JMException {
      start("off");
    }

    @Override
    public Samples samples() throws JMException {
      return new Samples(
          (long) server.getAttribute(faults, "SampledFaults"),
          (long) server.getAttribute(faults, "LostSamples"));
    }
  }

  /**
   * The same events as pfagent without stacks, and nobody who reads what they write before the end:
   * what the kernel takes for itself. To be used by one thread.
   */
  final class Kernel implements PageFaultProfiler {

    /** Room for all samples of a turn. */
    private static final int RING_BYTES = 64 << 20;

    private FaultSampling sampling;
    private Samples samples = new Samples(0, 0);

    @Override
    public void start(String period) {
      SampleSetUp setUp = new SampleSetUp(SampleLayout.leaf(), RING_BYTES);
      FaultSampling.Opened opened = FaultSampling.open(setUp, Long.parseLong(period));
      sampling =
          opened
              .sampling()
              .orElseThrow(() -> new IllegalStateException(opened.capability().reason()));
    }

    @Override
    public void stop() {
      long taken = samples.taken + sampling.drain(record -> {});
      samples = new Samples(taken, samples.lost + sampling.takeLost());
      sampling.close();
    }

    @Override
    public Samples samples() {
      return samples;
    }
  }

  /** Its defaults otherwise: whole stacks, kept in memory. */
  final class Async implements PageFaultProfiler {

    private final AsyncProfiler profiler;

    private Async(AsyncProfiler profiler) {
      this.profiler = profiler;
    }

    @Override
    public void start(String period) throws IOException {
      profiler.execute("start,event=page-faults,interval=" + period);
    }

    @Override
    public void stop() throws IOException {
      profiler.execute("stop");
    }

    @Override
    public Samples samples() {
      return Samples.UNKNOWN;
    }
  }
}
