package io.pfagent.kernel;

import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/** How many file descriptors this process may still open. */
final class FileDescriptors {

  private static final Pattern SOFT_LIMIT = Pattern.compile("(?m)^Max open files +([0-9]{1,18}) ");

  private FileDescriptors() {}

  /** Descriptors below the soft limit that are free now; empty if unknown. */
  static Optional<Long> free() {
    return SmallFile.read(Path.of("/proc/self/limits"))
        .flatMap(FileDescriptors::softLimit)
        .map(limit -> Math.max(0, limit - countOpen()));
  }

  /** Descriptors that are open now, among them the one that lists them; 0 if unknown. */
  static long countOpen() {
    String[] open = Path.of("/proc/self/fd").toFile().list();
    return open == null ? 0 : open.length;
  }

  /** The soft limit in the text of {@code /proc/self/limits}, see proc_pid_limits(5). */
  static Optional<Long> softLimit(String limits) {
    return SOFT_LIMIT
        .matcher(limits)
        .results()
        .map(line -> Long.valueOf(line.group(1)))
        .findFirst();
  }
}
