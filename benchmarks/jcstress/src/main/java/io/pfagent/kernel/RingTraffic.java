package io.pfagent.kernel;

import java.util.function.Consumer;
import org.openjdk.jcstress.infra.results.III_Result;

/** What goes through a ring that one side writes and the other reads. */
final class RingTraffic {

  private final Ring ring;
  private int samples;
  private int wrong;
  private int last;

  /** A ring with who writes it. */
  interface Ring {

    /** Writes the sample of this number, from 1, or counts it as lost. */
    void write(int number);

    /** Writes how many were lost, if they are told in the ring. */
    default void tellLost() {}

    void drain(Consumer<FaultRecord> visitor);

    long takeLost();
  }

  RingTraffic(Ring ring) {
    this.ring = ring;
  }

  /** Whether a sample is as it was written: all its values follow from its number. */
  private static boolean isWhole(FaultRecord sample) {
    long number = sample.tid();
    return sample.nanoTime() == number
        && sample.address() == number
        && sample.programCounter() == number;
  }

  void write(int count) {
    for (int number = 1; number <= count; number++) {
      ring.write(number);
    }
  }

  void read() {
    ring.drain(this::see);
  }

  /** Result: samples read, those among them that were wrong, those that were lost. */
  void readRest(III_Result result) {
    read();
    ring.tellLost();
    read();
    result.r1 = samples;
    result.r2 = wrong;
    result.r3 = (int) ring.takeLost();
  }

  private void see(FaultRecord sample) {
    samples++;
    if (!isWhole(sample) || sample.tid() <= last) {
      wrong++;
    }
    last = sample.tid();
  }
}
