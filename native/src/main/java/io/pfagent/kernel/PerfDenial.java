package io.pfagent.kernel;

import java.nio.file.Path;

/** Finds out why perf events are denied, and says what to change. */
final class PerfDenial {

  // Up to this level an ordinary user may count his own faults; some distributions ship 3 or 4.
  private static final int MOST_PARANOID = 2;

  // Up to this level also those that the kernel raises on his behalf.
  private static final int MOST_PARANOID_IN_KERNEL = 1;
  private static final long SECCOMP_MODE_FILTER = 2;

  private final int paranoid;
  private final boolean seccomp;

  /**
   * @param paranoid {@code kernel.perf_event_paranoid}, or {@link KernelSettings#NO_LEVEL}
   * @param seccomp whether a seccomp filter is on this process
   */
  PerfDenial(int paranoid, boolean seccomp) {
    this.paranoid = paranoid;
    this.seccomp = seccomp;
  }

  /** What holds for this process now. */
  static PerfDenial ofThisProcess() {
    String status = SmallFile.read(Path.of("/proc/self/status")).orElse("");
    return new PerfDenial(KernelSettings.perfParanoid(Path.of("/")), hasSeccompFilter(status));
  }

  /** Whether the text of {@code /proc/self/status} tells of a seccomp filter. */
  static boolean hasSeccompFilter(String status) {
    return status
        .lines()
        .filter(line -> line.startsWith("Seccomp:"))
        .anyMatch(line -> line.endsWith(String.valueOf(SECCOMP_MODE_FILTER)));
  }

  /** The reason for a person, with what would change it. */
  String reason(int errno) {
    return reason(errno, false);
  }

  /**
   * The reason for a person, with what would change it.
   *
   * @param inKernel whether faults were to be counted that the kernel raises
   */
  String reason(int errno, boolean inKernel) {
    String call = "perf_event_open: " + Errno.name(errno) + "; ";
    return call
        + switch (errno) {
          case Errno.EMFILE, Errno.ENFILE ->
              "no file descriptor is left; raise the limit with ulimit -n";
          // A seccomp filter may answer EPERM or ENOSYS: the number does not tell them apart.
          case Errno.EACCES, Errno.EPERM, Errno.ENOSYS ->
              denied(inKernel ? MOST_PARANOID_IN_KERNEL : MOST_PARANOID);
          default -> "the kernel refuses to count page faults";
        };
  }

  private String denied(int mostParanoid) {
    if (paranoid == KernelSettings.NO_LEVEL) {
      return "the kernel has no perf events (CONFIG_PERF_EVENTS)";
    }
    String grant = "grant CAP_PERFMON";
    if (paranoid > mostParanoid) {
      return "kernel.perf_event_paranoid is %d; run sysctl kernel.perf_event_paranoid=%d, or %s%s"
          .formatted(
              paranoid,
              mostParanoid,
              grant,
              seccomp ? "; the seccomp filter must allow perf_event_open, too" : "");
    }
    return seccomp
        ? "a seccomp filter denies it; allow perf_event_open in the container's profile, or "
            + grant
        : "a security module denies it; allow perf events in its policy, or " + grant;
  }
}
