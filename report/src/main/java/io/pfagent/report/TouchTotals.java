package io.pfagent.report;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;

/** Adds up {@code pfagent.RegionTouch} by what touched. */
final class TouchTotals {

  private static final Comparator<Row> MOST_COSTLY_FIRST =
      Comparator.comparingLong(Row::faultTimeNanos)
          .thenComparingLong(Row::faults)
          .reversed()
          .thenComparing(Row::site);

  private final Map<Key, Row> rows = new HashMap<>();

  private record Key(String operation, String method, String site) {}

  /**
   * Touches of one kind from one place.
   *
   * @param operation set, copy, load, force or method
   * @param method the touching method; null if unknown
   * @param site the first frame outside the JDK and the agent
   * @param faultTimeNanos estimated
   */
  record Row(
      String operation,
      String method,
      String site,
      long events,
      long bytes,
      long minorFaults,
      long majorFaults,
      long faultTimeNanos) {

    long faults() {
      return minorFaults + majorFaults;
    }

    private Row plus(Row other) {
      return new Row(
          operation,
          method,
          site,
          events + other.events,
          bytes + other.bytes,
          minorFaults + other.minorFaults,
          majorFaults + other.majorFaults,
          faultTimeNanos + other.faultTimeNanos);
    }
  }

  void accept(EventFields event) {
    Row row =
        new Row(
            event.text("operation"),
            event.text("method"),
            event.site(),
            1,
            Math.max(0, event.number("bytes")),
            Math.max(0, event.number("minorFaults")),
            Math.max(0, event.number("majorFaults")),
            Math.max(0, event.nanos("faultTime")));
    rows.merge(new Key(row.operation(), row.method(), row.site()), row, Row::plus);
  }

  Ranking<Row> top(int top) {
    return Ranking.of(rows.values(), MOST_COSTLY_FIRST, top);
  }
}
