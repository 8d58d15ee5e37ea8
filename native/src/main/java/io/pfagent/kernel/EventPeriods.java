package io.pfagent.kernel;

import java.util.Arrays;

/**
 * What the ids in samples mean: whether the fault was a major one, and how many faults the sample
 * stands for. The kernel would write the period itself, but makes each software event a sample then
 * (perf_swevent_event in kernel/events/core.c). Used by one thread.
 */
final class EventPeriods {

  private long[] majorIds = new long[0];
  private long[] minorIds = new long[0];
  private long period = 1;
  private long periodBefore = 1;

  void setMajor(long[] sortedIds) {
    majorIds = sortedIds;
  }

  /** Samples of other events that are still in a ring keep the period that was in force before. */
  void setMinor(long[] sortedIds, long newPeriod) {
    minorIds = sortedIds;
    periodBefore = period;
    period = newPeriod;
  }

  boolean isMajor(long id) {
    return Arrays.binarySearch(majorIds, id) >= 0;
  }

  /** Faults that a sample of this event stands for. */
  long weight(long id) {
    if (isMajor(id)) {
      return 1;
    }
    return Arrays.binarySearch(minorIds, id) >= 0 ? period : periodBefore;
  }
}
