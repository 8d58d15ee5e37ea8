package io.pfagent.report;

import java.util.List;

/**
 * All that a report says, apart from how it is said.
 *
 * @param file the recording
 * @param events how many events of the agent it holds
 * @param lostBytes events of any kind that JFR dropped because its buffers were full
 * @param process what the kernel counted for the whole process
 * @param processFaults the faults that shares are parts of, or unknown
 * @param regionFaults faults of tracked regions in the time that the process counters cover
 * @param unmeasured allocations and touches whose faults nobody could count
 * @param samples what the sampled page faults say
 * @param verdicts what changes of the preallocation brought
 * @param suggestions what the data prove to be worth a try, one sentence or two each
 */
record Summary(
    File file,
    long events,
    long lostBytes,
    Span span,
    Environment environment,
    ProcessTotals process,
    long processFaults,
    long regionFaults,
    long unmeasured,
    SampleSummary samples,
    Ranking<SiteTotals> sites,
    Ranking<RegionRow> regions,
    Ranking<TouchTotals.Row> touches,
    Ranking<ThreadTotals.Row> threads,
    Verdicts verdicts,
    List<String> suggestions) {

  /**
   * The recording file.
   *
   * @param bytes its size
   * @param readBytes how much of it could be read; less than {@code bytes} if its tail is broken
   */
  record File(String path, long bytes, long readBytes) {

    boolean isWhole() {
      return bytes == readBytes;
    }
  }

  /**
   * The time from the first to the last event of the agent.
   *
   * @param startNanos since 1970
   * @param endNanos since 1970
   */
  record Span(long startNanos, long endNanos) {

    long nanos() {
      return endNanos - startNanos;
    }
  }
}
