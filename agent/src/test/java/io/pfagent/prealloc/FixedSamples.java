package io.pfagent.prealloc;

/** Every fault is sampled, or none. */
public record FixedSamples(boolean areThere) implements SampledFaults {

  @Override
  public boolean areAllThereSince(long nanoTime) {
    return areThere;
  }
}
