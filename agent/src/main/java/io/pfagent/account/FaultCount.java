package io.pfagent.account;

/**
 * Page faults of a thread over a stretch of time.
 *
 * @param minor served without input or output; -1 if it could not be counted
 * @param major that waited for a device; -1 if it could not be counted
 */
public record FaultCount(long minor, long major) {

  public static final FaultCount NONE = new FaultCount(0, 0);

  /** For a span that can't be counted: it moved between kernel threads, or getrusage failed. */
  public static final FaultCount UNKNOWN = new FaultCount(-1, -1);

  public boolean isKnown() {
    return minor >= 0;
  }

  /** Whether at least one fault was counted. */
  public boolean any() {
    return minor > 0 || major > 0;
  }

  /** Minor and major together, 0 if unknown. */
  public long total() {
    return isKnown() ? minor + major : 0;
  }

  FaultCount plus(FaultCount other) {
    return new FaultCount(minor + other.minor, major + other.major);
  }

  FaultCount minus(FaultCount other) {
    return new FaultCount(minor - other.minor, major - other.major);
  }
}
