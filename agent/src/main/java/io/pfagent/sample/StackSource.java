package io.pfagent.sample;

import io.pfagent.kernel.FaultRecord;

/** Where a sample's frames come from. One thread reads; the sampled one runs nothing of it. */
interface StackSource {

  /**
   * Writes the frames of a sample, the innermost first.
   *
   * @param stack is empty before
   * @return what they are worth
   */
  StackState read(FaultRecord fault, SampledStack stack);
}
