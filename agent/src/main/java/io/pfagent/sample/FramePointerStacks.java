package io.pfagent.sample;

import io.pfagent.kernel.FaultRecord;
import java.util.Arrays;

/**
 * Stacks along frame pointers, as the kernel walks them. For a JVM that keeps them ({@code
 * -XX:+PreserveFramePointer}); interpreted frames have no names.
 */
final class FramePointerStacks implements StackSource {

  /** As deep as the kernel goes unless kernel.perf_event_max_stack says otherwise. */
  static final int MOST_FRAMES = 127;

  private final LeafStacks leaves;
  private final long[] chain = new long[MOST_FRAMES];

  FramePointerStacks(LeafStacks leaves) {
    this.leaves = leaves;
  }

  @Override
  public CaughtStack read(FaultRecord fault) {
    if (fault.programCounter() == 0) {
      return CaughtStack.Unknown.INSTANCE;
    }
    int length = fault.chain(chain);
    return new CaughtStack.Chain(
        leaves.leaf(fault), Arrays.copyOf(chain, length), length >= MOST_FRAMES - 1);
  }
}
