package io.pfagent.sample;

import io.pfagent.jvm.PhysicalStack;
import io.pfagent.jvm.StackEnd;
import io.pfagent.jvm.StackUnwinder;
import io.pfagent.kernel.FaultRecord;
import java.util.HashMap;
import java.util.Map;

/**
 * Whole stacks, walked in the copy that the kernel has made of each. What is the same is kept once.
 */
final class CopiedStacks implements StackSource {

  private static final int MOST_FRAMES = 512;

  /** Beyond it, sharing begins anew: stacks that are gone are not held. */
  private static final int MOST_SHARED = 20_000;

  private final StackUnwinder unwinder;
  private final LeafStacks leaves;
  private final PhysicalStack walked = new PhysicalStack(MOST_FRAMES);
  private final Map<PhysicalStack, CaughtStack.Walked> shared = new HashMap<>();
  private long walks;
  private long truncated;

  CopiedStacks(StackUnwinder unwinder, LeafStacks leaves) {
    this.unwinder = unwinder;
    this.leaves = leaves;
  }

  @Override
  public CaughtStack read(FaultRecord fault) {
    if (fault.registersAddress() == 0 || fault.stackBytes() == 0) {
      return leaves.read(fault);
    }
    unwinder.unwind(
        fault.registersAddress(),
        fault.stackAddress(),
        fault.stackBytes(),
        fault.nanoTime(),
        walked);
    walks++;
    truncated += walked.end() == StackEnd.TRUNCATED ? 1 : 0;
    CaughtStack.Walked known = shared.get(walked);
    if (known == null) {
      if (shared.size() >= MOST_SHARED) {
        shared.clear();
      }
      PhysicalStack copy = walked.copy();
      known = new CaughtStack.Walked(leaves.leaf(fault), copy);
      shared.put(copy, known);
    }
    return known;
  }

  @Override
  public double takeTruncatedShare(int fewest) {
    if (walks < fewest) {
      return 0;
    }
    double share = (double) truncated / walks;
    walks = 0;
    truncated = 0;
    return share;
  }

  @Override
  public void close() {
    unwinder.close();
  }
}
