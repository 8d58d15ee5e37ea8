package io.pfagent.kernel;

import java.nio.file.Path;
import java.util.BitSet;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Processors in the kernel's own notation, as {@code 0-3,8}, see cpuset(7), "List format". */
final class CpuList {

  private static final Pattern ALLOWED = Pattern.compile("(?m)^Cpus_allowed_list:\\s*(\\S+)$");
  private static final Pattern RANGE = Pattern.compile("(\\d{1,6})(?:-(\\d{1,6}))?");
  private static final Path ONLINE = Path.of("/sys/devices/system/cpu/online");

  private CpuList() {}

  /**
   * Processors that this process may run on now: those that are online and that its cpuset and
   * affinity allow; empty if the kernel doesn't tell.
   */
  static BitSet ofThisProcess() {
    BitSet allowed =
        SmallFile.read(Path.of("/proc/self/status"))
            .flatMap(CpuList::allowed)
            .orElseGet(BitSet::new);
    Optional<String> online = SmallFile.read(ONLINE);
    online.ifPresent(text -> allowed.and(parse(text.strip())));
    return allowed;
  }

  /** The processors in the text of {@code /proc/self/status}. */
  static Optional<BitSet> allowed(String status) {
    Matcher line = ALLOWED.matcher(status);
    return line.find() ? Optional.of(parse(line.group(1))) : Optional.empty();
  }

  static BitSet parse(String list) {
    BitSet cpus = new BitSet();
    for (String part : list.split(",", -1)) {
      Matcher range = RANGE.matcher(part);
      if (range.matches()) {
        int first = Integer.parseInt(range.group(1));
        int last = range.group(2) == null ? first : Integer.parseInt(range.group(2));
        cpus.set(first, Math.max(first, last) + 1);
      }
    }
    return cpus;
  }
}
