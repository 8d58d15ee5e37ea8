package io.pfagent.kernel;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** The kernel writes samples while they are read: none is torn, read twice, or gone unnoticed. */
public final class SampleRingStress {

  private SampleRingStress() {}

  /** There is room for all; the first one begins at the ring's end and ends at its beginning. */
  @JCStressTest
  @Outcome(id = "3, 0, 0", expect = ACCEPTABLE, desc = "All were read, whole and in order.")
  @State
  public static class Wrap {
    private final RingTraffic traffic = new RingTraffic(256, 256 - 24);

    /** The kernel's side. */
    @Actor
    public void write() {
      traffic.write(3);
    }

    /** The reader. */
    @Actor
    public void read() {
      traffic.read();
    }

    /** Reads the rest. */
    @Arbiter
    public void check(III_Result result) {
      traffic.readRest(result);
    }
  }

  /** Two samples fill the ring; the next ones lie where the first ones were, or are lost. */
  @JCStressTest
  @Outcome(id = "12, 0, 0", expect = ACCEPTABLE, desc = "All were read, and nothing was lost.")
  @Outcome(id = "[0-9]+, 0, [0-9]+", expect = ACCEPTABLE, desc = "Some were lost, and counted.")
  @State
  public static class Overflow {
    private final RingTraffic traffic = new RingTraffic(128, 128 - 24);

    /** The kernel's side. */
    @Actor
    public void write() {
      traffic.write(12);
    }

    /** The reader. */
    @Actor
    public void read() {
      for (int times = 0; times < 6; times++) {
        traffic.read();
      }
    }

    /** Reads the rest. */
    @Arbiter
    public void check(III_Result result) {
      traffic.readRest(result);
      if (result.r1 + result.r3 != 12) {
        result.r2 = -1;
      }
    }
  }

  /** A ring between the two, and what the reader has seen. */
  private static final class RingTraffic {
    private final WritingKernel kernel;
    private final SampleRing ring;
    private int samples;
    private int wrong;
    private int last;

    RingTraffic(int bytes, int start) {
      kernel = new WritingKernel(bytes, start);
      ring = kernel.newRing();
    }

    void write(int count) {
      for (int number = 1; number <= count; number++) {
        kernel.write(number);
      }
    }

    void read() {
      ring.drain(this::see);
    }

    /** Result: samples read, those among them that were wrong, those that were lost. */
    void readRest(III_Result result) {
      read();
      kernel.tellLost();
      read();
      result.r1 = samples;
      result.r2 = wrong;
      result.r3 = (int) ring.takeLost();
    }

    private void see(FaultRecord sample) {
      samples++;
      if (!WritingKernel.isWhole(sample) || sample.tid() <= last) {
        wrong++;
      }
      last = sample.tid();
    }
  }
}
