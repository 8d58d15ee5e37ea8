package io.pfagent.report;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Adds up faults by kind of memory: the agent's own sums, which it scales to what the kernel has
 * counted, or the samples where these are not told.
 */
final class KindTotals {

  private static final Comparator<Row> MOST_FAULTS_FIRST =
      Comparator.comparingLong(Row::faults)
          .thenComparingLong(Row::residentBytes)
          .reversed()
          .thenComparing(Row::kind);

  private final Map<String, Kind> kinds = new HashMap<>();

  /**
   * One kind of memory; numbers are {@link EventFields#UNKNOWN} if not known.
   *
   * @param faults user-side faults in the time that the process counters cover
   * @param majorFaults those of them that read from a device
   * @param reservedBytes address space at the last look
   * @param residentBytes the part of it in RAM
   * @param hugeBytes the part of it in huge pages
   */
  record Row(
      String kind,
      long faults,
      long majorFaults,
      long reservedBytes,
      long residentBytes,
      long hugeBytes) {}

  private static final class Kind {
    private long sampled;
    private long sampledMajor;
    private long firstNanos = Long.MAX_VALUE;
    private long firstFaults;
    private long lastNanos = Long.MIN_VALUE;
    private long lastFaults = EventFields.UNKNOWN;
    private long reservedBytes = EventFields.UNKNOWN;
    private long residentBytes = EventFields.UNKNOWN;
    private long hugeBytes = EventFields.UNKNOWN;

    void accept(EventFields event) {
      long nanos = event.startNanos();
      if (nanos < firstNanos) {
        firstNanos = nanos;
        firstFaults = event.number("faults");
      }
      if (nanos >= lastNanos) {
        lastNanos = nanos;
        lastFaults = event.number("faults");
        reservedBytes = event.number("reservedBytes");
        residentBytes = event.number("residentBytes");
        hugeBytes = event.number("hugeBytes");
      }
    }

    private long told(boolean fromStart) {
      if (fromStart || lastFaults < 0) {
        return lastFaults;
      }
      return Math.max(0, lastFaults - Math.max(0, firstFaults));
    }

    /** A single sum tells nothing of a time, unless that began with the JVM. */
    private boolean isTold(boolean fromStart) {
      return lastFaults >= 0 && (fromStart || firstNanos < lastNanos);
    }

    Row toRow(String kind, boolean isSampled, boolean fromStart) {
      return new Row(
          kind,
          isSampled && !isTold(fromStart) ? sampled : told(fromStart),
          isSampled ? sampledMajor : EventFields.UNKNOWN,
          reservedBytes,
          residentBytes,
          hugeBytes);
    }
  }

  /** Adds a sample of the time that the process counters cover. */
  void sample(String kind, long weight, boolean major) {
    Kind totals = kind(kind);
    totals.sampled += weight;
    totals.sampledMajor += major ? weight : 0;
  }

  /** Takes a {@code pfagent.MemoryKind}, whose faults count since the agent's start. */
  void told(EventFields event) {
    kind(event.text("kind", "other")).accept(event);
  }

  private Kind kind(String kind) {
    return kinds.computeIfAbsent(kind, name -> new Kind());
  }

  /**
   * All kinds, the one with most faults first.
   *
   * @param isSampled whether samples were recorded
   * @param fromStart whether the recording was begun with the JVM
   */
  List<Row> rows(boolean isSampled, boolean fromStart) {
    return kinds.entrySet().stream()
        .map(entry -> entry.getValue().toRow(entry.getKey(), isSampled, fromStart))
        .sorted(MOST_FAULTS_FIRST)
        .toList();
  }
}
