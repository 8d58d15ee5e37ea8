package io.pfagent.report;

import java.util.List;

/**
 * What became of the faults that the kernel counted for the process. Each number is {@link
 * EventFields#UNKNOWN} where it is not known.
 *
 * @param allFaults minor and major faults of the process while recorded
 * @param majorFaults those of them that waited for a device
 * @param userFaults raised in user mode, as the samples or the agent's sums by kind tell
 * @param kernelFaults raised in the kernel on behalf of a system call
 * @param unsampledFaults from before sampling began, and from while it was off
 * @param restedFaults of both sides, those that went by while the agent let its counting rest
 * @param unattributedFaults the rest; with the kernel's side in it where that is unknown
 */
record FaultAccount(
    long allFaults,
    long majorFaults,
    long userFaults,
    long kernelFaults,
    long unsampledFaults,
    long restedFaults,
    long unattributedFaults) {

  /**
   * Draws the account.
   *
   * @param counters null if the process was not counted
   */
  static FaultAccount of(List<KindTotals.Row> kinds, FaultCounters counters) {
    long user = EventFields.UNKNOWN;
    for (KindTotals.Row kind : kinds) {
      if (kind.userFaults() >= 0) {
        user = Math.max(0, user) + kind.userFaults();
      }
    }
    if (counters == null || counters.faults() < 0) {
      return new FaultAccount(
          EventFields.UNKNOWN,
          EventFields.UNKNOWN,
          user,
          EventFields.UNKNOWN,
          EventFields.UNKNOWN,
          EventFields.UNKNOWN,
          EventFields.UNKNOWN);
    }
    long kernel = counters.kernelFaults();
    // Where both sides are counted, the agent leaves over only what was not sampled.
    long unsampled = kernel < 0 ? EventFields.UNKNOWN : counters.unattributedFaults();
    // Samples are an estimate, which may come out above what was counted.
    long rest =
        user < 0
            ? EventFields.UNKNOWN
            : Math.max(0, counters.faults() - user - Math.max(0, kernel) - Math.max(0, unsampled));
    return new FaultAccount(
        counters.faults(),
        counters.majorFaults(),
        user,
        kernel,
        unsampled,
        counters.restedFaults(),
        rest);
  }

  /** Faults that could have been accounted for. */
  long sampledFaults() {
    return allFaults < 0 ? EventFields.UNKNOWN : allFaults - Math.max(0, unsampledFaults);
  }

  /** Faults of which it is known where they belong. */
  long explained() {
    return userFaults < 0 ? EventFields.UNKNOWN : userFaults + Math.max(0, kernelFaults);
  }
}
