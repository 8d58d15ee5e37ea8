package io.pfagent.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import jdk.jfr.consumer.RecordedThread;

/** Finds the first and the last {@code pfagent.ThreadFaults} of every thread. */
final class ThreadTotals {

  private static final Comparator<Row> MOST_FAULTS_FIRST =
      Comparator.comparingLong(Row::faultsWhileRecorded)
          .thenComparingLong(Row::faults)
          .reversed()
          .thenComparingLong(Row::osThreadId);

  private final Map<Key, Span> spans = new HashMap<>();

  /** The kernel gives ids of ended threads to new ones; the JVM never does. */
  private record Key(long osThreadId, long javaThreadId) {

    private boolean isJava() {
      return javaThreadId != 0;
    }
  }

  /**
   * One thread; numbers count since its start and are {@link EventFields#UNKNOWN} if not known.
   *
   * @param name the Java name, or the kernel's if the thread is the JVM's own
   * @param faultsWhileRecorded minor and major faults between its first and its last event
   */
  record Row(
      String name,
      long osThreadId,
      long minorFaults,
      long majorFaults,
      long faultsWhileRecorded,
      long userTimeNanos,
      long systemTimeNanos,
      long voluntarySwitches,
      long involuntarySwitches,
      long readCalls,
      long writeCalls) {

    long faults() {
      return Math.max(0, minorFaults) + Math.max(0, majorFaults);
    }

    private Row named(String other) {
      return with(other, faultsWhileRecorded);
    }

    private Row since(long faultsBefore) {
      return with(name, Math.max(0, faults() - faultsBefore));
    }

    private Row with(String newName, long newFaultsWhileRecorded) {
      return new Row(
          newName,
          osThreadId,
          minorFaults,
          majorFaults,
          newFaultsWhileRecorded,
          userTimeNanos,
          systemTimeNanos,
          voluntarySwitches,
          involuntarySwitches,
          readCalls,
          writeCalls);
    }
  }

  private static final class Span {
    private final Key key;
    private long firstNanos = Long.MAX_VALUE;
    private long firstFaults;
    private long lastNanos = Long.MIN_VALUE;
    private Row last;

    private Span(Key key) {
      this.key = key;
    }

    /**
     * Whether this is the kernel's thread of a span that began before, which has become or was one
     * of Java meanwhile, as {@code main}'s is none at the end: the counters went on.
     */
    private boolean continues(Span before) {
      return before.key.osThreadId() == key.osThreadId()
          && before.key.isJava() != key.isJava()
          && (firstNanos < before.lastNanos || firstFaults >= before.last.faults());
    }

    /** Both in one, with the name in Java. */
    private Span joinedWith(Span next) {
      Span java = next.key.isJava() ? next : this;
      Span later = next.lastNanos >= lastNanos ? next : this;
      Span both = new Span(java.key);
      both.firstNanos = firstNanos;
      both.firstFaults = firstFaults;
      both.lastNanos = later.lastNanos;
      both.last = later.last.named(java.last.name());
      return both;
    }

    void accept(long nanos, Row row) {
      if (nanos < firstNanos) {
        firstNanos = nanos;
        firstFaults = row.faults();
      }
      if (nanos >= lastNanos) {
        lastNanos = nanos;
        last = row;
      }
    }
  }

  void accept(EventFields event) {
    RecordedThread thread = event.thread("target");
    long osThreadId = event.number("osThreadId");
    String javaName = thread == null ? null : thread.getJavaName();
    Row row =
        new Row(
            javaName == null ? event.text("osName") : javaName,
            osThreadId,
            event.number("minorFaults"),
            event.number("majorFaults"),
            EventFields.UNKNOWN,
            event.nanos("userTime"),
            event.nanos("systemTime"),
            event.number("voluntarySwitches"),
            event.number("involuntarySwitches"),
            event.number("readCalls"),
            event.number("writeCalls"));
    Key key = new Key(osThreadId, thread == null ? 0 : thread.getJavaThreadId());
    spans.computeIfAbsent(key, Span::new).accept(event.startNanos(), row);
  }

  /**
   * The threads with most faults.
   *
   * @param fromStart whether the recording saw the threads start, so that all was recorded
   */
  Ranking<Row> top(int top, boolean fromStart) {
    return Ranking.of(
        kernelThreads().stream()
            .map(span -> span.last.since(fromStart ? 0 : span.firstFaults))
            .toList(),
        MOST_FAULTS_FIRST,
        top);
  }

  private List<Span> kernelThreads() {
    List<Span> threads = new ArrayList<>();
    List<Span> ordered = new ArrayList<>(spans.values());
    ordered.sort(
        Comparator.comparingLong((Span span) -> span.key.osThreadId())
            .thenComparingLong(span -> span.firstNanos));
    for (Span span : ordered) {
      Span before = threads.isEmpty() ? null : threads.get(threads.size() - 1);
      if (before != null && span.continues(before)) {
        threads.set(threads.size() - 1, before.joinedWith(span));
      } else {
        threads.add(span);
      }
    }
    return threads;
  }
}
