package io.pfagent.it;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A control group with a memory limit, of either version, see cgroups(7). It is gone when its
 * processes have ended and it is closed.
 */
final class MemoryGroup implements AutoCloseable {

  private static final Path ROOT = Path.of("/sys/fs/cgroup");

  private final Path folder;

  private MemoryGroup(Path folder) {
    this.folder = folder;
  }

  /** Makes one, or skips the test and says why. */
  static MemoryGroup limitedTo(long bytes) throws IOException {
    assumeTrue(OrdinaryUser.isRoot(), "skipped: to make a control group takes root");
    Optional<Path> parent = parent();
    assumeTrue(parent.isPresent(), "skipped: no hierarchy of control groups limits memory here");
    boolean second = Files.exists(parent.get().resolve("cgroup.controllers"));
    Path folder = parent.get().resolve("pfagent-test-" + ProcessHandle.current().pid());
    Files.createDirectory(folder);
    MemoryGroup group = new MemoryGroup(folder);
    try {
      group.write(second ? "memory.max" : "memory.limit_in_bytes", bytes);
    } catch (IOException refused) {
      group.close();
      assumeTrue(false, "skipped: a limit can't be set: " + refused);
    }
    return group;
  }

  /** Version 1 has a hierarchy for memory alone; in version 2 the root must hand the limit on. */
  private static Optional<Path> parent() throws IOException {
    Path first = ROOT.resolve("memory");
    if (Files.isWritable(first.resolve("cgroup.procs"))) {
      return Optional.of(first);
    }
    Path handedOn = ROOT.resolve("cgroup.subtree_control");
    boolean limits =
        Files.isWritable(handedOn)
            && List.of(Files.readString(handedOn).strip().split(" ")).contains("memory");
    return limits ? Optional.of(ROOT) : Optional.empty();
  }

  /** A command that runs another one as a member. */
  String[] command() {
    return new String[] {
      "sh", "-c", "echo $$ > '" + folder.resolve("cgroup.procs") + "' && exec \"$@\"", "sh"
    };
  }

  /** Whether a member has had to wait until memory was taken from another or swapped out. */
  boolean wasAtItsLimit() throws IOException {
    Path first = folder.resolve("memory.failcnt");
    if (Files.exists(first)) {
      return !Files.readString(first).strip().equals("0");
    }
    return Files.readString(folder.resolve("memory.events"))
        .lines()
        .anyMatch(line -> line.startsWith("max ") && !line.equals("max 0"));
  }

  private void write(String file, long value) throws IOException {
    Files.writeString(folder.resolve(file), Long.toString(value));
  }

  /** To be called when its processes have ended. */
  @Override
  public void close() throws IOException {
    Files.delete(folder);
  }
}
