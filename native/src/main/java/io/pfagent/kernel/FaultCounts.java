package io.pfagent.kernel;

/**
 * Numbers of page faults, by what they had to wait for; -1 where unknown.
 *
 * @param minor found their page in memory, or got a fresh one
 * @param major waited for a device
 */
public record FaultCounts(long minor, long major) {

  /** Nobody can tell. */
  public static final FaultCounts UNKNOWN = new FaultCounts(-1, -1);

  /** Both together; -1 if one is unknown. */
  public long all() {
    return minor < 0 || major < 0 ? -1 : minor + major;
  }
}
