package io.pfagent.chunk;

import java.io.IOException;

/**
 * Three clocks, read at one moment.
 *
 * @param nanoTime {@link System#nanoTime()}
 * @param ticks the clock that JFR stamps its events with; 0 if it could not be read
 * @param epochNanos nanoseconds since 1970
 */
public record ClockReading(long nanoTime, long ticks, long epochNanos) {

  static ClockReading read(ByteReader in) throws IOException {
    return new ClockReading(in.number(), in.number(), in.number());
  }
}
