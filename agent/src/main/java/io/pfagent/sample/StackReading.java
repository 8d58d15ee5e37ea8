package io.pfagent.sample;

import io.pfagent.jvm.AddressRange;
import io.pfagent.jvm.StackUnwinder;
import io.pfagent.kernel.SampleLayout;
import io.pfagent.kernel.SampleSetUp;
import java.util.Optional;

/**
 * A way to have stacks: what the kernel must write into a sample for it, who reads it, and what
 * that costs. Used by one thread.
 */
public final class StackReading {

  /** Room for some 87,000 samples without stacks, where the limit for locked memory allows it. */
  private static final int RING_BYTES = 4 << 20;

  /** Room for a thousand stacks. */
  private static final int STACK_RING_BYTES = 16 << 20;

  /** 73 frames of a web server fit, half of it holds none of them to the end. */
  private static final int STACK_BYTES = 16 << 10;

  private static final int MOST_STACK_BYTES = 32 << 10;

  /** A larger copy is worth its cost if so many stacks don't fit. */
  private static final double MANY = 0.01;

  private static final int ENOUGH = 200;

  /** Few: the start is soon over. */
  private static final int ENOUGH_AT_START = 10;

  /** Where rings hold few copies, larger ones would leave room for hardly any. */
  private static final double MANY_FOR_SMALL_RINGS = 0.1;

  private static final int SMALL_RING_BYTES = 4 << 20;

  private final StackSource source;
  private final SampleSetUp setUp;
  private final long nanosPerSample;
  private boolean grewAtStart;

  StackReading(StackSource source, SampleSetUp setUp, long nanosPerSample) {
    this.source = source;
    this.setUp = setUp;
    this.nanosPerSample = nanosPerSample;
  }

  /**
   * The top of the stack only.
   *
   * @param codeCache where the JVM's own code is; empty if it doesn't tell
   */
  public static StackReading leaf(Optional<AddressRange> codeCache) {
    return new StackReading(
        new LeafStacks(codeCache), new SampleSetUp(SampleLayout.leaf(), RING_BYTES, true), 1_000);
  }

  /** Along frame pointers; for a JVM that keeps them. */
  public static StackReading framePointers(Optional<AddressRange> codeCache) {
    return new StackReading(
        new FramePointerStacks(new LeafStacks(codeCache)),
        new SampleSetUp(SampleLayout.leaf().withChain(FramePointerStacks.MOST_FRAMES), RING_BYTES),
        3_000);
  }

  /**
   * In copies of the stacks.
   *
   * @param unwinder one that works; it is closed with the sampler
   */
  public static StackReading copies(StackUnwinder unwinder, Optional<AddressRange> codeCache) {
    return new StackReading(
        new CopiedStacks(unwinder, new LeafStacks(codeCache)),
        new SampleSetUp(
            SampleLayout.leaf().withStack(unwinder.registerMask(), STACK_BYTES), STACK_RING_BYTES),
        5_000);
  }

  StackSource source() {
    return source;
  }

  /** What a sample holds at first. */
  SampleSetUp setUp() {
    return setUp;
  }

  /**
   * What a sample should hold from now on; the same object if nothing needs to change. While a JVM
   * starts its stacks are deep, and copies grow at once; they have to show anew after that whether
   * they are needed. Then they stay, for another set-up opens all events anew.
   *
   * @param ringBytes what each ring got of what was asked for
   * @param isStarting whether the sampled program is
   */
  SampleSetUp adapted(SampleSetUp current, int ringBytes, boolean isStarting) {
    if (current.layout().stackBytes() >= MOST_STACK_BYTES) {
      boolean isTrialOver = grewAtStart && !isStarting;
      grewAtStart = grewAtStart && isStarting;
      return isTrialOver ? setUp : current;
    }
    boolean fits =
        ringBytes <= SMALL_RING_BYTES
            ? source.takeTruncatedShare(ENOUGH) <= MANY_FOR_SMALL_RINGS
            : source.takeTruncatedShare(isStarting ? ENOUGH_AT_START : ENOUGH) <= MANY;
    if (fits) {
      return current;
    }
    grewAtStart = isStarting;
    return new SampleSetUp(
        SampleLayout.leaf().withStack(current.layout().registers(), MOST_STACK_BYTES),
        2 * current.ringBytes());
  }

  /** Processor time that a sample takes in this set-up, the kernel's and the reader's. */
  long nanosPerSample(SampleSetUp current) {
    return current.layout().stackBytes() > STACK_BYTES ? nanosPerSample * 3 / 2 : nanosPerSample;
  }
}
