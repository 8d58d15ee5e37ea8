package io.pfagent.kernel;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The memory limit of this process's control groups, see cgroups(7). A group is bound by its own
 * limit and by those of all groups above it, so the walk goes up to the mount point.
 *
 * <pre>
 * /proc/self/cgroup       0::/system.slice/app.service            (v2)
 *                         4:memory:/docker/8d2b                   (v1)
 * /proc/self/mountinfo    41 31 0:38 /docker/8d2b /sys/fs/cgroup/memory rw - cgroup x rw,memory
 *                                    root         mount point                type     options
 * </pre>
 */
final class CgroupMemory {

  /** No group limits the memory. */
  static final long NO_LIMIT = -1;

  // v1 writes "no limit" as the largest number of whole pages: 2^63 - 1 rounded down to a page.
  private static final long V1_NO_LIMIT = Long.MAX_VALUE - (1L << 20);

  private CgroupMemory() {}

  /** A mounted hierarchy that can hold memory limits. */
  record Mount(boolean v2, String root, String mountPoint) {}

  /** One group's limit, and its files. */
  private record Limit(Path group, boolean v2, long bytes) {

    /** The limit less what is used and can't be given back at once. */
    long availableBytes() {
      long used =
          SmallFile.readNumber(group.resolve(v2 ? "memory.current" : "memory.usage_in_bytes"))
              .orElse(0L);
      String key = v2 ? "inactive_file " : "total_inactive_file ";
      long unusedFiles =
          SmallFile.read(group.resolve("memory.stat"))
              .orElse("")
              .lines()
              .filter(line -> line.startsWith(key))
              .mapToLong(line -> Long.parseLong(line.substring(key.length())))
              .findFirst()
              .orElse(0);
      return Math.max(0, bytes - Math.max(0, used - unusedFiles));
    }
  }

  /** The tightest limit in bytes, or {@link #NO_LIMIT}. */
  static long limitBytes(Path root) {
    return limits(root).stream().mapToLong(Limit::bytes).min().orElse(NO_LIMIT);
  }

  /** What the group that is nearest to its limit can still use; empty without limits. */
  static Optional<MemoryHeadroom> headroom(Path root) {
    return limits(root).stream()
        .map(limit -> new MemoryHeadroom(limit.availableBytes(), limit.bytes()))
        .min(Comparator.comparingLong(MemoryHeadroom::availableBytes));
  }

  private static List<Limit> limits(Path root) {
    String groups = SmallFile.read(root.resolve("proc/self/cgroup")).orElse("");
    String mountInfo = SmallFile.read(root.resolve("proc/self/mountinfo")).orElse("");
    List<Limit> limits = new ArrayList<>();
    for (Mount mount : mounts(mountInfo)) {
      groupIn(groups, mount.v2()).ifPresent(group -> addLimits(limits, root, mount, group));
    }
    return limits;
  }

  /** The hierarchies in the text of {@code /proc/self/mountinfo}, see proc_pid_mountinfo(5). */
  static List<Mount> mounts(String mountInfo) {
    List<Mount> mounts = new ArrayList<>();
    for (String line : mountInfo.lines().toList()) {
      String[] halves = line.split(" - ", 2);
      String[] mount = halves[0].split(" ", -1);
      String[] system = halves.length < 2 ? new String[0] : halves[1].split(" ", -1);
      if (mount.length < 5 || system.length < 3) {
        continue;
      }
      boolean v1 = system[0].equals("cgroup") && hasMemory(system[2]);
      boolean v2 = system[0].equals("cgroup2");
      if (v1 || v2) {
        mounts.add(new Mount(v2, mount[3], mount[4]));
      }
    }
    return mounts;
  }

  /** This process's group in the text of {@code /proc/self/cgroup}. */
  static Optional<String> groupIn(String groups, boolean v2) {
    return groups
        .lines()
        .map(line -> line.split(":", 3))
        .filter(parts -> parts.length == 3)
        .filter(parts -> v2 ? parts[1].isEmpty() && parts[0].equals("0") : hasMemory(parts[1]))
        .map(parts -> parts[2])
        .findFirst();
  }

  private static boolean hasMemory(String controllers) {
    return Arrays.asList(controllers.split(",", -1)).contains("memory");
  }

  private static void addLimits(List<Limit> limits, Path root, Mount mount, String group) {
    Path top = root.resolve(relative(mount.mountPoint()));
    Path directory = top.resolve(relative(belowMount(mount.root(), group))).normalize();
    if (!directory.startsWith(top)) {
      directory = top; // a group outside this cgroup namespace shows as /../other
    }
    for (Path at = directory; at.startsWith(top); at = at.getParent()) {
      Path file = at.resolve(mount.v2() ? "memory.max" : "memory.limit_in_bytes");
      long bytes = SmallFile.readNumber(file).orElse(Long.MAX_VALUE); // v2 says "max" for none
      if (bytes < V1_NO_LIMIT) {
        limits.add(new Limit(at, mount.v2(), bytes));
      }
    }
  }

  /** A container often mounts its own group only: then that part of the path is the mount point. */
  private static String belowMount(String mountRoot, String group) {
    if (mountRoot.equals("/")) {
      return group;
    }
    boolean below = group.equals(mountRoot) || group.startsWith(mountRoot + "/");
    return below ? group.substring(mountRoot.length()) : "/";
  }

  private static String relative(String path) {
    return path.startsWith("/") ? path.substring(1) : path;
  }
}
