package io.pfagent.report;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;

/** Adds up sampled faults by the code that raised them. */
final class FaultSites {

  /** So many that no program written by people reaches it; generated classes might. */
  private static final int MAX_SITES = 50_000;

  private static final Key FURTHER = new Key("(further methods)", null, null);

  private static final Comparator<Row> HOTTEST_FIRST =
      Comparator.comparingLong(Row::faults)
          .reversed()
          .thenComparing(Row::method)
          .thenComparing(row -> String.valueOf(row.application()))
          .thenComparing(row -> String.valueOf(row.kind()));

  private final Map<Key, Row> sampled = new HashMap<>();
  private final Map<Key, Row> told = new HashMap<>();

  private record Key(String method, String application, String kind) {}

  /**
   * Faults of one kind of memory, raised at one place.
   *
   * @param method the innermost frame and its line
   * @param application the first frame outside the JDK, the agent and native libraries; null if
   *     unknown, or if it is {@code method} itself
   * @param kind of the memory
   * @param samples how many; {@link EventFields#UNKNOWN} if only the agent's sums are known
   * @param faults how many they stand for, minor and major
   */
  record Row(
      String method,
      String application,
      String kind,
      long samples,
      long faults,
      long majorFaults,
      long faultTimeNanos) {

    private Row plus(Row other) {
      return new Row(
          method,
          application,
          kind,
          samples + other.samples,
          faults + other.faults,
          majorFaults + other.majorFaults,
          EventFields.UNKNOWN);
    }

    private Row later(Row other) {
      return other.faults > faults ? other : this;
    }
  }

  /** Adds a {@code pfagent.PageFault}. */
  void sample(Stack stack, String kind, long weight, boolean major) {
    Key key = new Key(stack.innermost(), stack.application(), kind);
    if (sampled.size() >= MAX_SITES && !sampled.containsKey(key)) {
      key = FURTHER;
    }
    Row row =
        new Row(
            key.method(),
            key.application(),
            key.kind(),
            1,
            weight,
            major ? weight : 0,
            EventFields.UNKNOWN);
    sampled.merge(key, row, Row::plus);
  }

  /** Takes a {@code pfagent.FaultSite}: the agent's own sum, which grows from event to event. */
  void told(EventFields event) {
    long line = event.number("line");
    String method = event.text("method", Stack.UNKNOWN);
    String place = line > 0 ? method + ":" + line : method;
    Key key = new Key(place, null, event.text("kind"));
    Row row =
        new Row(
            place,
            null,
            key.kind(),
            EventFields.UNKNOWN,
            Math.max(0, event.number("faults")),
            EventFields.UNKNOWN,
            event.nanos("faultTime"));
    told.merge(key, row, Row::later);
  }

  /** Whether samples themselves were recorded; else the agent's sums have to do. */
  boolean areSampled() {
    return !sampled.isEmpty();
  }

  Ranking<Row> top(int top) {
    return Ranking.of((areSampled() ? sampled : told).values(), HOTTEST_FIRST, top);
  }
}
