package io.pfagent.chunk;

import java.io.IOException;
import java.time.Instant;
import java.util.function.LongSupplier;

/**
 * Three clocks, read at one moment.
 *
 * @param nanoTime {@link System#nanoTime()}
 * @param ticks the clock that JFR stamps its events with; 0 if it could not be read
 * @param epochNanos nanoseconds since 1970
 */
public record ClockReading(long nanoTime, long ticks, long epochNanos) {

  private static final int ATTEMPTS = 5;
  private static final long NANOS_PER_SECOND = 1_000_000_000;

  /**
   * Reads the clocks now: a few times, of which the quickest counts, for a thread may lose its
   * processor between one clock and the next.
   *
   * @param ticks reads the clock that JFR stamps its events with, or gives 0
   */
  public static ClockReading now(LongSupplier ticks) {
    ClockReading best = null;
    long shortest = Long.MAX_VALUE;
    for (int i = 0; i < ATTEMPTS; i++) {
      long before = System.nanoTime();
      long jfrTicks = ticks.getAsLong();
      Instant now = Instant.now();
      long took = System.nanoTime() - before;
      if (took < shortest) {
        shortest = took;
        long epochNanos = now.getEpochSecond() * NANOS_PER_SECOND + now.getNano();
        best = new ClockReading(before + took / 2, jfrTicks, epochNanos);
      }
    }
    return best;
  }

  static ClockReading read(ByteReader in) throws IOException {
    return new ClockReading(in.number(), in.number(), in.number());
  }
}
