package io.pfagent.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Keeps a bounded part of any number of values, each with the same chance (Vitter's algorithm R).
 * The chances come from a fixed seed: a report of one recording is always the same.
 */
final class Reservoir<T> {

  private final int capacity;
  private final List<T> kept = new ArrayList<>();
  private final SplittableRandom random = new SplittableRandom(42);
  private long offered;

  Reservoir(int capacity) {
    this.capacity = capacity;
  }

  void offer(T value) {
    offered++;
    if (kept.size() < capacity) {
      kept.add(value);
      return;
    }
    long place = random.nextLong(offered);
    if (place < capacity) {
      kept.set((int) place, value);
    }
  }

  /** How many values were offered. */
  long offered() {
    return offered;
  }

  List<T> sorted(Comparator<? super T> order) {
    return kept.stream().sorted(order).toList();
  }
}
