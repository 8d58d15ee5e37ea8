package io.pfagent.account;

/**
 * The estimate behind every {@code faultTime}: minor faults times what one fault of an anonymous
 * page cost when it was measured on this machine.
 *
 * <p>Major faults wait for a device, which no calibration knows; they count as minor ones, so the
 * estimate is a lower bound where there are any.
 *
 * @param minorFaultNanos nanoseconds of one minor fault; 0 if it could not be measured
 */
public record FaultCosts(long minorFaultNanos) {

  /** Nanoseconds, an estimate; 0 for counts that are unknown. */
  public long timeNanos(long minorFaults, long majorFaults) {
    return Math.max(0, minorFaults + majorFaults) * minorFaultNanos;
  }

  /** Nanoseconds, an estimate; 0 if the count is unknown. */
  public long timeNanos(FaultCount faults) {
    return faults.total() * minorFaultNanos;
  }
}
