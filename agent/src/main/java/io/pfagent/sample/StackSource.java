package io.pfagent.sample;

import io.pfagent.kernel.FaultRecord;

/**
 * Where a sample's frames come from. They are had in two steps: what the record holds is caught
 * while the record is there; names are given a second later, for the JVM tells of code only after
 * it has begun to run. The sampled thread runs nothing of either.
 */
interface StackSource extends AutoCloseable {

  /** Catches what the record tells of the stack. */
  CaughtStack read(FaultRecord fault);

  /**
   * The share of stacks of which the copy was too small, since the last call that told; from 0 to
   * 1, and 0 as long as they are too few to tell.
   *
   * @param fewest stacks that tell
   */
  default double takeTruncatedShare(int fewest) {
    return 0;
  }

  /** Gives back what it holds. */
  @Override
  default void close() {}
}
