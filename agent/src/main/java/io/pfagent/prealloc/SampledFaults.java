package io.pfagent.prealloc;

/** Whether sampled faults tell what regions go through. */
public interface SampledFaults {

  /** Whether there are any. */
  boolean areThere();

  /**
   * Whether none is missing: a region without samples had no faults to speak of.
   *
   * @param nanoTime since then
   */
  boolean areAllThereSince(long nanoTime);
}
