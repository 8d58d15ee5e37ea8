package io.pfagent.kernel;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * One thread's context switches, from {@code /proc/self/task/TID/status}, see proc_pid_status(5).
 *
 * @param voluntarySwitches {@code voluntary_ctxt_switches}: the thread blocked
 * @param involuntarySwitches {@code nonvoluntary_ctxt_switches}: the scheduler took the processor
 */
public record TaskStatus(long voluntarySwitches, long involuntarySwitches) {

  static Optional<TaskStatus> parse(ByteBuffer text) {
    long voluntary = AsciiText.valueOf(text, "voluntary_ctxt_switches:");
    long involuntary = AsciiText.valueOf(text, "nonvoluntary_ctxt_switches:");
    return voluntary < 0 || involuntary < 0
        ? Optional.empty()
        : Optional.of(new TaskStatus(voluntary, involuntary));
  }
}
