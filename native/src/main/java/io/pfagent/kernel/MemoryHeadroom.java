package io.pfagent.kernel;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How much memory this process can still use: by {@code MemAvailable} of proc_meminfo(5), and by
 * the limits of its control groups less what they use and can't give back at once.
 *
 * @param availableBytes the least of them; {@link Long#MAX_VALUE} if none is known
 * @param limitBytes what that one is a part of: the machine's memory or a group's limit
 */
public record MemoryHeadroom(long availableBytes, long limitBytes) {

  private static final MemoryHeadroom UNKNOWN = new MemoryHeadroom(Long.MAX_VALUE, Long.MAX_VALUE);

  /** As of now; some 50 us. */
  public static MemoryHeadroom read() {
    return read(Path.of("/"));
  }

  static MemoryHeadroom read(Path root) {
    MemoryHeadroom machine = ofMachine(SmallFile.read(root.resolve("proc/meminfo")));
    MemoryHeadroom groups = CgroupMemory.headroom(root).orElse(UNKNOWN);
    return machine.availableBytes <= groups.availableBytes ? machine : groups;
  }

  public boolean isKnown() {
    return availableBytes != Long.MAX_VALUE;
  }

  /** Reads the lines {@code MemTotal} and {@code MemAvailable}. */
  static MemoryHeadroom ofMachine(Optional<String> meminfo) {
    OptionalLong available = kilobytes(meminfo.orElse(""), "MemAvailable:");
    OptionalLong total = kilobytes(meminfo.orElse(""), "MemTotal:");
    return available.isPresent() && total.isPresent()
        ? new MemoryHeadroom(available.getAsLong() << 10, total.getAsLong() << 10)
        : UNKNOWN;
  }

  private static OptionalLong kilobytes(String meminfo, String name) {
    return meminfo
        .lines()
        .filter(line -> line.startsWith(name))
        .map(line -> line.substring(name.length()).replace("kB", "").strip())
        .filter(number -> number.matches("\\d{1,15}"))
        .mapToLong(Long::parseLong)
        .findFirst();
  }
}
