package io.pfagent.chunk;

import java.util.Arrays;

/**
 * From one clock to another, by readings of both: in between straight lines, beyond them by the
 * rate that is given. It keeps a bounded number of readings; of more, every other goes.
 */
final class ClockTable {

  private static final int MOST_READINGS = 1 << 16;

  private long[] from = new long[64];
  private long[] to = new long[64];
  private int size;

  /** Adds a reading, which is not older than those before. */
  void add(long fromTime, long toTime) {
    if (size > 0 && fromTime <= from[size - 1]) {
      return;
    }
    if (size == MOST_READINGS) {
      thin();
    }
    if (size == from.length) {
      from = Arrays.copyOf(from, 2 * size);
      to = Arrays.copyOf(to, 2 * size);
    }
    from[size] = fromTime;
    to[size++] = toTime;
  }

  boolean isEmpty() {
    return size == 0;
  }

  /**
   * The other clock's time. There must be a reading.
   *
   * @param rate how fast the other clock goes compared with this one
   */
  long convert(long time, double rate) {
    int found = Arrays.binarySearch(from, 0, size, time);
    if (found >= 0) {
      return to[found];
    }
    int next = -found - 1;
    if (next == 0) {
      return to[0] + Math.round((time - from[0]) * rate);
    }
    int last = next - 1;
    if (next == size) {
      return to[last] + Math.round((time - from[last]) * rate);
    }
    double share = (double) (time - from[last]) / (from[next] - from[last]);
    return to[last] + Math.round(share * (to[next] - to[last]));
  }

  private void thin() {
    for (int i = 0; i < size / 2; i++) {
      from[i] = from[2 * i];
      to[i] = to[2 * i];
    }
    size /= 2;
  }
}
