package io.pfagent.account;

/** Counters that tell the faults raised in user mode from those that the kernel raised. */
public interface SideCounters {

  /** Faults raised in user mode while the counters were open; -1 if they aren't. */
  long userFaults();

  /**
   * Of the faults while they were open, of either side, those that went by uncounted for a while,
   * to save time; how many of them were raised in user mode is an estimate.
   */
  long restedFaults();

  /** All faults of the process while they were not open. */
  long unsampledFaults();
}
