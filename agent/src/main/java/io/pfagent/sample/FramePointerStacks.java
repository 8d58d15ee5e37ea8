package io.pfagent.sample;

import io.pfagent.jvm.JavaCode;
import io.pfagent.kernel.FaultRecord;

/**
 * Stacks along frame pointers, as the kernel walks them. For a JVM that keeps them ({@code
 * -XX:+PreserveFramePointer}); interpreted frames have no names.
 */
final class FramePointerStacks implements StackSource {

  /** As deep as the kernel goes unless kernel.perf_event_max_stack says otherwise. */
  static final int MOST_FRAMES = 127;

  private final JavaCode code;
  private final LeafStacks leaf;
  private final long[] chain = new long[MOST_FRAMES];

  FramePointerStacks(JavaCode code) {
    this.code = code;
    this.leaf = new LeafStacks(code);
  }

  @Override
  public StackState read(FaultRecord fault, SampledStack stack) {
    StackState top = leaf.read(fault, stack);
    if (top == StackState.UNKNOWN) {
      return top;
    }
    int length = fault.chain(chain);
    int javaFrames = stack.frames().size();
    for (int i = 0; i < length; i++) {
      // Native frames below Java ones are the JVM's own; they end the Java stack or sit within it.
      javaFrames += code.frames(chain[i], fault.nanoTime(), true, stack.frames());
    }
    if (javaFrames == 0) {
      return StackState.NO_JAVA_FRAME;
    }
    return length == MOST_FRAMES ? StackState.TRUNCATED : StackState.COMPLETE;
  }
}
