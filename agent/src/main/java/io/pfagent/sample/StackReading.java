package io.pfagent.sample;

import io.pfagent.jvm.JavaCode;
import io.pfagent.kernel.SampleLayout;
import io.pfagent.kernel.SampleSetUp;

/**
 * A way to have stacks: what the kernel must write into a sample for it, who reads it, and what
 * that costs.
 */
public final class StackReading {

  /** Room for some 10,000 samples without stacks, where the limit for locked memory allows it. */
  private static final int RING_BYTES = 8 << 20;

  private final StackSource source;
  private final SampleSetUp setUp;
  private final long nanosPerSample;

  private StackReading(StackSource source, SampleSetUp setUp, long nanosPerSample) {
    this.source = source;
    this.setUp = setUp;
    this.nanosPerSample = nanosPerSample;
  }

  /** The top of the stack only. */
  public static StackReading leaf(JavaCode code) {
    return new StackReading(
        new LeafStacks(code), new SampleSetUp(SampleLayout.leaf(), RING_BYTES), 1_000);
  }

  /** Along frame pointers; for a JVM that keeps them. */
  public static StackReading framePointers(JavaCode code) {
    return new StackReading(
        new FramePointerStacks(code),
        new SampleSetUp(SampleLayout.leaf().withChain(FramePointerStacks.MOST_FRAMES), RING_BYTES),
        3_000);
  }

  StackSource source() {
    return source;
  }

  SampleSetUp setUp() {
    return setUp;
  }

  /** Processor time that a sample takes, the kernel's and the reader's. */
  long nanosPerSample() {
    return nanosPerSample;
  }
}
