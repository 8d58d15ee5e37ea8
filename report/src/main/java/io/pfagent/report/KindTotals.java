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
   * @param userFaults faults raised in user mode in the time that the process counters cover
   * @param kernelFaults faults that the kernel raised then, in system calls of the process
   * @param majorFaults those of either side that read from a device
   * @param reservedBytes address space at the last look
   * @param residentBytes the part of it in RAM
   * @param hugeBytes the part of it in huge pages
   */
  record Row(
      String kind,
      long userFaults,
      long kernelFaults,
      long majorFaults,
      long reservedBytes,
      long residentBytes,
      long hugeBytes) {

    /** Faults of both sides. */
    long faults() {
      return userFaults < 0 ? userFaults : userFaults + Math.max(0, kernelFaults);
    }
  }

  private static final class Kind {
    private final Told userFaults = new Told();
    private final Told kernelFaults = new Told();
    private long sampled;
    private long sampledInKernel;
    private long sampledMajor;
    private long lastNanos = Long.MIN_VALUE;
    private long reservedBytes = EventFields.UNKNOWN;
    private long residentBytes = EventFields.UNKNOWN;
    private long hugeBytes = EventFields.UNKNOWN;

    void accept(EventFields event) {
      long nanos = event.startNanos();
      userFaults.accept(nanos, event.number("faults"));
      kernelFaults.accept(nanos, event.number("kernelFaults"));
      if (nanos >= lastNanos) {
        lastNanos = nanos;
        reservedBytes = event.number("reservedBytes");
        residentBytes = event.number("residentBytes");
        hugeBytes = event.number("hugeBytes");
      }
    }

    Row toRow(String kind, boolean isSampled, boolean fromStart) {
      return new Row(
          kind,
          isSampled && !userFaults.isKnown(fromStart) ? sampled : userFaults.faults(fromStart),
          sampledInKernel > 0 ? sampledInKernel : kernelFaults.faults(fromStart),
          isSampled ? sampledMajor : EventFields.UNKNOWN,
          reservedBytes,
          residentBytes,
          hugeBytes);
    }
  }

  /** A sum of the agent's own, told again and again. */
  private static final class Told {
    private long firstNanos = Long.MAX_VALUE;
    private long first;
    private long lastNanos = Long.MIN_VALUE;
    private long last = EventFields.UNKNOWN;

    void accept(long nanos, long sum) {
      if (nanos < firstNanos) {
        firstNanos = nanos;
        first = sum;
      }
      if (nanos >= lastNanos) {
        lastNanos = nanos;
        last = sum;
      }
    }

    /** By how much it grew while recorded. */
    long faults(boolean fromStart) {
      return fromStart || last < 0 ? last : Math.max(0, last - Math.max(0, first));
    }

    /** A single sum tells nothing of a time, unless that began with the JVM. */
    boolean isKnown(boolean fromStart) {
      return last >= 0 && (fromStart || firstNanos < lastNanos);
    }
  }

  /** Adds a sample of the time that the process counters cover. */
  void sample(String kind, long weight, boolean major, boolean inKernel) {
    Kind totals = kind(kind);
    if (inKernel) {
      totals.sampledInKernel += weight;
    } else {
      totals.sampled += weight;
    }
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
