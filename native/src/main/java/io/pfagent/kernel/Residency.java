package io.pfagent.kernel;

/**
 * How much of an address range is in memory.
 *
 * @param residentBytes bytes of the range that lie on pages mapped by this process, at most its
 *     size; -1 if unknown
 * @param hugeBytes those of them that one entry of the page middle directory maps (2 MB on x86-64);
 *     -1 if unknown
 */
public record Residency(long residentBytes, long hugeBytes) {

  /** Nothing is known, because the kernel or a container denies it. */
  public static final Residency UNKNOWN = new Residency(-1, -1);
}
