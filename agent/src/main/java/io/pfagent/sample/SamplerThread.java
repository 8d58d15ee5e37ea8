package io.pfagent.sample;

import io.pfagent.boot.PfagentHooks;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The loop that reads the rings. What it works with is its own: others leave requests, and methods
 * that say so run in the loop only.
 */
final class SamplerThread implements Runnable {

  private static final long FLUSH_NANOS = 500_000_000L;
  private static final long CHECK_NANOS = 5_000_000_000L;

  private final SamplerParts parts;
  private final AdaptiveSampling sampling;
  private final FaultPipeline pipeline;
  private final CurrentSpool spool;
  private final Queue<Runnable> requests = new ConcurrentLinkedQueue<>();
  private volatile boolean stopping;
  private long flushAtNanos;
  private long checkAtNanos;

  SamplerThread(
      SamplerParts parts, AdaptiveSampling sampling, FaultPipeline pipeline, CurrentSpool spool) {
    this.parts = parts;
    this.sampling = sampling;
    this.pipeline = pipeline;
    this.spool = spool;
  }

  @Override
  public void run() {
    PfagentHooks.beginOwnWork();
    try {
      while (!stopping) {
        answer();
        awaitSamples();
        work();
      }
    } catch (Throwable failure) {
      sampling.fail(failure);
    } finally {
      end();
    }
  }

  /** Leaves something to do in the loop's thread, between two readings of the rings. */
  void request(Runnable work) {
    requests.add(work);
    if (!sampling.wake()) {
      synchronized (requests) {
        requests.notifyAll();
      }
    }
  }

  void stop() {
    stopping = true;
    request(() -> {});
  }

  /** In the loop: another period, or none. */
  void setPeriod(SamplePeriod period) {
    boolean wasOn = sampling.isOn();
    sampling.setPeriod(period);
    if (!sampling.isOn()) {
      pipeline.nameAll();
    } else if (!wasOn) {
      long now = System.nanoTime();
      pipeline.refresh(now);
      flushAtNanos = now;
      checkAtNanos = now;
    }
  }

  /** In the loop: from now on samples go to a file, also those that wait for their names. */
  void beginSpool(Path directory, long mostBytes) throws IOException {
    spool.begin(directory, mostBytes);
  }

  /** In the loop: all that has faulted until now is in the file after this. */
  void flush() {
    work();
    pipeline.nameAll();
    spool.flush();
  }

  /** In the loop: samples go to no file any more; the file stays. */
  void endSpool() {
    spool.end();
  }

  private void answer() {
    for (Runnable next = requests.poll(); next != null; next = requests.poll()) {
      next.run();
    }
  }

  private void awaitSamples() throws InterruptedException {
    if (sampling.isOn()) {
      sampling.await();
      return;
    }
    synchronized (requests) {
      while (requests.isEmpty() && !stopping) {
        requests.wait();
      }
    }
  }

  private void work() {
    if (!sampling.isOn()) {
      return;
    }
    long now = System.nanoTime();
    pipeline.forgetFreed(now);
    sampling.drain();
    pipeline.nameDue(now);
    sampling.tick(now);
    if (now - flushAtNanos >= FLUSH_NANOS) {
      flushAtNanos = now;
      spool.flush();
    }
    if (now - checkAtNanos >= CHECK_NANOS) {
      checkAtNanos = now;
      pipeline.refresh(now);
      sampling.followProcessors();
    }
  }

  private void end() {
    sampling.close();
    pipeline.nameAll();
    spool.end();
    parts.stacks().source().close();
    parts.tasks().close();
    answer();
  }
}
