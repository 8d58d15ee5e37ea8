package io.pfagent.report;

/**
 * Finds the first and the last {@code pfagent.ProcessFaults}. Their counters run since the start of
 * the process, so what happened in between is their difference. If the recording was begun together
 * with the JVM, the last one alone tells all of it, also what precedes the first one.
 */
final class ProcessTotals {

  /** A JVM that starts a recording needs up to seconds for it. */
  private static final long STARTED_TOGETHER_NANOS = 10_000_000_000L;

  private final long recordingStartNanos;
  private long jvmStartNanos = EventFields.UNKNOWN;
  private FaultCounters first;
  private long firstNanos;
  private FaultCounters last;
  private long lastNanos;
  private long residentBytes = EventFields.UNKNOWN;

  ProcessTotals(long recordingStartNanos) {
    this.recordingStartNanos = recordingStartNanos;
  }

  void accept(EventFields event) {
    long nanos = event.startNanos();
    if (first == null || nanos < firstNanos) {
      first = FaultCounters.of(event);
      firstNanos = nanos;
    }
    if (last == null || nanos >= lastNanos) {
      last = FaultCounters.of(event);
      lastNanos = nanos;
      residentBytes = event.number("residentBytes");
    }
  }

  /** Takes the start of the JVM from a {@code jdk.JVMInformation}. */
  void acceptJvm(EventFields event) {
    jvmStartNanos = event.epochNanos("jvmStartTime");
  }

  boolean isRecordedFromStart() {
    return jvmStartNanos > 0 && recordingStartNanos - jvmStartNanos < STARTED_TOGETHER_NANOS;
  }

  /** The time that {@link #whileRecorded} covers: after the one, up to and with the other. */
  boolean covers(long nanos) {
    return last != null && nanos <= lastNanos && (isRecordedFromStart() || nanos > firstNanos);
  }

  /** Counted since the start of the process; null if never. */
  FaultCounters sinceStart() {
    return last;
  }

  /** Counted in the time that {@link #covers} tells; null if that needs a second event. */
  FaultCounters whileRecorded() {
    if (last == null || isRecordedFromStart()) {
      return last;
    }
    return firstNanos < lastNanos ? last.minus(first) : null;
  }

  /** Memory of the process that is in RAM, at the last event. */
  long residentBytes() {
    return residentBytes;
  }
}
