package io.pfagent.benchmarks;

import io.pfagent.kernel.Capability;
import io.pfagent.kernel.Rusage;
import java.nio.ByteBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** One reading of the calling thread's fault counters: the hooks take two for each operation. */
@State(Scope.Thread)
public class Getrusage {

  private final ByteBuffer buffer = Rusage.newBuffer();
  private final long address = Rusage.address(buffer);
  private final Rusage rusage = new Rusage();

  /** Refuses to measure a call that fails at once. */
  @Setup(Level.Trial)
  public void check() {
    Capability capability = Rusage.capability();
    if (!capability.available()) {
      throw new IllegalStateException("getrusage(2) can't be called: " + capability.reason());
    }
  }

  /** As the hooks call it. */
  @Benchmark
  public long getrusageThread() {
    return Rusage.getrusageThread(address) + Rusage.minorFaults(buffer);
  }

  /** Through an instance. */
  @Benchmark
  public long readThread() {
    return rusage.readThread() ? rusage.minorFaults() : -1;
  }
}
