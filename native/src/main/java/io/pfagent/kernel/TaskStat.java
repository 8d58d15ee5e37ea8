package io.pfagent.kernel;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * One thread's counters from {@code /proc/self/task/TID/stat}, see proc_pid_stat(5).
 *
 * @param tid the kernel's thread id, as in {@code gettid()}
 * @param minorFaults page faults served without input or output
 * @param majorFaults page faults that waited for input or output
 * @param userNanos time in user mode, in nanoseconds, in steps of one clock tick (mostly 10 ms)
 * @param systemNanos time in the kernel, likewise
 */
public record TaskStat(
    int tid, long minorFaults, long majorFaults, long userNanos, long systemNanos) {

  /**
   * Parses the one line of the file.
   *
   * <pre>
   * 4612 (any (name) here) R 4604 4604 2981 0 -1 4194304 103 0 0 0 12 3 ...
   * tid  comm              3 ..................... flags  |   |   |  |
   *                                           10 minflt --+   |   |  |
   *                                           12 majflt ------|---+  |
   *                                           14 utime, 15 stime ----+
   * </pre>
   *
   * <p>The name may hold spaces and parentheses, so fields are counted from the last {@code )}.
   *
   * @param nanosPerTick one clock tick in nanoseconds
   * @return empty if the text is not such a line
   */
  static Optional<TaskStat> parse(ByteBuffer text, long nanosPerTick) {
    int nameEnd = AsciiText.lastIndexOf(text, ')');
    long tid = AsciiText.number(text, 0);
    if (nameEnd < 0 || tid < 0) {
      return Optional.empty();
    }
    int beforeMinflt = AsciiText.skipFields(text, nameEnd + 1, 7);
    int beforeMajflt = AsciiText.skipFields(text, beforeMinflt, 2);
    int beforeUtime = AsciiText.skipFields(text, beforeMajflt, 2);
    int beforeStime = AsciiText.skipFields(text, beforeUtime, 1);
    long minorFaults = AsciiText.number(text, beforeMinflt);
    long majorFaults = AsciiText.number(text, beforeMajflt);
    long userTicks = AsciiText.number(text, beforeUtime);
    long systemTicks = AsciiText.number(text, beforeStime);
    if (minorFaults < 0 || majorFaults < 0 || userTicks < 0 || systemTicks < 0) {
      return Optional.empty();
    }
    return Optional.of(
        new TaskStat(
            (int) tid,
            minorFaults,
            majorFaults,
            userTicks * nanosPerTick,
            systemTicks * nanosPerTick));
  }
}
