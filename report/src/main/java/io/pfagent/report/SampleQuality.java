package io.pfagent.report;

import java.util.Map;
import java.util.TreeMap;

/** How much the samples of a recording can be trusted: their period, losses and stacks. */
final class SampleQuality {

  private final Map<String, Long> stackStates = new TreeMap<>();
  private final Map<String, Long> lost = new TreeMap<>();
  private long samples;
  private long faults;
  private long smallestWeight = Long.MAX_VALUE;
  private long largestWeight;

  void sample(EventFields event, long weight) {
    samples++;
    faults += weight;
    smallestWeight = Math.min(smallestWeight, weight);
    largestWeight = Math.max(largestWeight, weight);
    stackStates.merge(event.text("stackState", "unknown"), 1L, Long::sum);
  }

  /** Takes a {@code pfagent.LostSamples}. */
  void lost(EventFields event) {
    lost.merge(
        event.text("reason", "no reason given"), Math.max(0, event.number("lost")), Long::sum);
  }

  long samples() {
    return samples;
  }

  /** What all samples stand for. */
  long faults() {
    return faults;
  }

  /** The fewest faults that a sample stands for; 0 without samples. */
  long smallestPeriod() {
    return samples == 0 ? 0 : smallestWeight;
  }

  /** The most faults that a sample stands for. */
  long largestPeriod() {
    return largestWeight;
  }

  /** How many samples ended how, by name of the state. */
  Map<String, Long> stackStates() {
    return stackStates;
  }

  /** Samples that were not recorded, by reason. */
  Map<String, Long> lostByReason() {
    return lost;
  }

  long lostSamples() {
    return lost.values().stream().mapToLong(Long::longValue).sum();
  }

  /** The part of the samples that were recorded with a whole stack, from 0 to 1. */
  double completeStacks() {
    return samples == 0 ? 0 : (double) stackStates.getOrDefault("complete", 0L) / samples;
  }
}
