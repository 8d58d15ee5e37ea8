package io.pfagent.prealloc;

/** Every fault is sampled. */
public enum AlwaysSampled implements SampledFaults {
  INSTANCE;

  @Override
  public boolean areThere() {
    return true;
  }

  @Override
  public boolean areAllThereSince(long nanoTime) {
    return true;
  }
}
