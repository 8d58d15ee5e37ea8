package io.pfagent.kernel;

import java.nio.file.Path;
import java.util.Optional;

/** The resident set of this process, from {@code /proc/self/statm}, see proc_pid_statm(5). */
public final class ResidentSet {

  private static final Path STATM = Path.of("/proc/self/statm");

  private ResidentSet() {}

  /**
   * Bytes, shared pages included; -1 if unknown. Recent kernels round it by some pages a thread.
   */
  public static long bytes() {
    long pageSize = LibC.pageSize();
    return pageSize < 0
        ? -1
        : SmallFile.read(STATM)
            .flatMap(ResidentSet::pages)
            .map(pages -> pages * pageSize)
            .orElse(-1L);
  }

  /** The second of the numbers. */
  static Optional<Long> pages(String statm) {
    String[] fields = statm.strip().split(" ", -1);
    try {
      return fields.length < 2 ? Optional.empty() : Optional.of(Long.parseLong(fields[1]));
    } catch (NumberFormatException malformed) {
      return Optional.empty();
    }
  }
}
