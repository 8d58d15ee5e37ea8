package io.pfagent.kernel;

/**
 * What one call costs on this machine.
 *
 * @param call what is called, and how
 * @param operation its name in {@code pfagent.CostCalibration}
 * @param kind what it is made of
 * @param perCall nanoseconds of one call
 */
public record CallCost(String call, String operation, Kind kind, RoundTimes perCall) {

  /** What a call is made of. */
  public enum Kind {
    /** A Java method. */
    JAVA,
    /** A function of the C library through JNA; what it does is next to nothing. */
    NATIVE,
    /** A system call through JNA. */
    SYSTEM
  }
}
