package io.pfagent.kernel;

/**
 * A piece of this process's address space, from {@code /proc/self/maps} or {@code smaps}, see
 * proc_pid_maps(5).
 *
 * @param start first address
 * @param end one past the last address
 * @param accessible whether it may be read, written or executed at all
 * @param writable whether it may be written
 * @param executable whether code in it may run
 * @param shared whether stores reach others ({@code MAP_SHARED})
 * @param name the mapped file, a name in brackets, or empty
 * @param residentBytes {@code Rss}; -1 if read from {@code maps}, which doesn't tell
 * @param hugeBytes bytes mapped by entries for whole huge pages; -1 if not told
 */
public record Mapping(
    long start,
    long end,
    boolean accessible,
    boolean writable,
    boolean executable,
    boolean shared,
    String name,
    long residentBytes,
    long hugeBytes) {

  /** Bytes of address space. */
  public long size() {
    return end - start;
  }

  /** Whether a file lies behind it, one without a name in any directory included. */
  public boolean isFile() {
    return name.startsWith("/");
  }

  /** Whether nothing lies behind it and nobody has named it. */
  public boolean isUnnamed() {
    return name.isEmpty();
  }

  Mapping with(long resident, long huge) {
    return new Mapping(start, end, accessible, writable, executable, shared, name, resident, huge);
  }
}
