package io.pfagent.kernel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What the events are whose ids stand in samples: which faults they count, and how many of them
 * each sample stands for. The kernel would write the period itself, but makes each software event a
 * sample then (perf_swevent_event in kernel/events/core.c). {@link FaultProgram} can write it: its
 * samples are of minor faults in user mode, and instead of an id they have their period, below
 * zero. Used by one thread.
 */
final class EventTable {

  /** One kind of events: a sample stands for {@code period} faults of a class. */
  record Entry(FaultClass faults, long period) {}

  private static final Entry UNKNOWN = new Entry(FaultClass.USER_MINOR, 1);

  private final List<Group> groups = new ArrayList<>();
  private final SampleWeights minorWeights = new SampleWeights();
  private final SampleWeights majorWeights = new SampleWeights();
  private long lastId;
  private Entry last = UNKNOWN;

  /**
   * @param ids sorted
   */
  void add(long[] ids, Entry entry) {
    groups.add(new Group(ids, entry));
  }

  /** These events have ended; samples of them may still be in a ring. */
  void end(long[] ids) {
    groups.stream().filter(group -> group.ids == ids).forEach(group -> group.hasEnded = true);
  }

  /** The rings hold no sample any more of events that have ended. */
  void forgetEnded() {
    groups.removeIf(group -> group.hasEnded);
  }

  /** Samples come in runs of one event: the last answer is often the next. */
  Entry of(long id) {
    if (id != lastId) {
      lastId = id;
      last = find(id);
    }
    return last;
  }

  /** What samples of minor faults stand for. */
  SampleWeights minorWeights() {
    return minorWeights;
  }

  /** What samples of major faults stand for. */
  SampleWeights majorWeights() {
    return majorWeights;
  }

  /** How many faults the next sample, which is of these events, stands for. */
  long takeWeight(Entry entry) {
    return (entry.faults().isMajor() ? majorWeights : minorWeights).take(entry.period());
  }

  private Entry find(long id) {
    if (id < 0) {
      return new Entry(FaultClass.USER_MINOR, -id);
    }
    for (Group group : groups) {
      if (Arrays.binarySearch(group.ids, id) >= 0) {
        return group.entry;
      }
    }
    return UNKNOWN;
  }

  private static final class Group {
    private final long[] ids;
    private final Entry entry;
    private boolean hasEnded;

    Group(long[] ids, Entry entry) {
      this.ids = ids;
      this.entry = entry;
    }
  }
}
