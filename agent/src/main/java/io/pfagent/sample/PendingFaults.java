package io.pfagent.sample;

import java.util.ArrayDeque;
import java.util.function.Consumer;

/** Samples that wait for the names of their frames. Used by one thread. */
final class PendingFaults {

  /** The JVM tells of code up to a second after it has begun to run, under load. */
  private static final long WAIT_NANOS = 1_000_000_000L;

  /** Beyond it they don't wait: each takes some 100 bytes. */
  private static final int MOST = 200_000;

  private final Consumer<ResolvedFault> named;
  private final ArrayDeque<ResolvedFault> faults = new ArrayDeque<>();

  /**
   * @param named takes those that have waited
   */
  PendingFaults(Consumer<ResolvedFault> named) {
    this.named = named;
  }

  void add(ResolvedFault fault) {
    faults.add(fault);
    if (faults.size() > MOST) {
      named.accept(faults.remove());
    }
  }

  /** Hands on those that have waited long enough. */
  void drain(long nowNanos) {
    while (!faults.isEmpty() && nowNanos - faults.peek().nanoTime() >= WAIT_NANOS) {
      named.accept(faults.remove());
    }
  }

  /** Hands on all. */
  void drainAll() {
    while (!faults.isEmpty()) {
      named.accept(faults.remove());
    }
  }
}
