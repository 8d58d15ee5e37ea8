package io.pfagent.report;

/**
 * What one {@code pfagent.ProcessFaults} event counted, or the difference of two. Every number is
 * {@link EventFields#UNKNOWN} where it is not known.
 *
 * @param userFaults faults raised by code in user mode
 * @param kernelFaults faults raised in the kernel on behalf of a system call
 * @param unattributedFaults faults that neither of the two explains
 * @param restedFaults those of user and kernel mode that were not counted one by one
 * @param faultTimeNanos estimated, count times calibrated cost
 */
record FaultCounters(
    long minorFaults,
    long majorFaults,
    long userFaults,
    long kernelFaults,
    long unattributedFaults,
    long restedFaults,
    long faultTimeNanos) {

  static FaultCounters of(EventFields event) {
    return new FaultCounters(
        event.number("minorFaults"),
        event.number("majorFaults"),
        event.number("userFaults"),
        event.number("kernelFaults"),
        event.number("unattributedFaults"),
        event.number("restedFaults"),
        event.nanos("faultTime"));
  }

  FaultCounters minus(FaultCounters earlier) {
    return new FaultCounters(
        difference(minorFaults, earlier.minorFaults),
        difference(majorFaults, earlier.majorFaults),
        difference(userFaults, earlier.userFaults),
        difference(kernelFaults, earlier.kernelFaults),
        difference(unattributedFaults, earlier.unattributedFaults),
        difference(restedFaults, earlier.restedFaults),
        difference(faultTimeNanos, earlier.faultTimeNanos));
  }

  /** Minor and major faults together, or unknown. */
  long faults() {
    return minorFaults < 0 ? EventFields.UNKNOWN : minorFaults + Math.max(0, majorFaults);
  }

  private static long difference(long later, long earlier) {
    // A counter that fell belongs to another process: two recordings were joined.
    return later < 0 || earlier < 0 || later < earlier ? EventFields.UNKNOWN : later - earlier;
  }
}
