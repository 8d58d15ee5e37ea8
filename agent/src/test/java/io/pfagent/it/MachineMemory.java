package io.pfagent.it;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A {@code /proc/meminfo} for one process, in a mount namespace of its own, see unshare(1). */
final class MachineMemory {

  private static final String MOUNT = "mount --bind \"$0\" /proc/meminfo && exec \"$@\"";

  private final Path file;
  private final long totalBytes;

  private MachineMemory(Path file, long totalBytes) {
    this.file = file;
    this.totalBytes = totalBytes;
  }

  /** Makes one, or skips the test and says why. */
  static MachineMemory in(Path folder, long totalBytes, long availableBytes) throws Exception {
    MachineMemory memory = new MachineMemory(folder.resolve("meminfo"), totalBytes);
    memory.leave(availableBytes);
    assumeTrue(memory.canBeMounted(), "skipped: a file can't be mounted over /proc/meminfo");
    return memory;
  }

  /** Tells the process that so much is available. */
  void leave(long availableBytes) throws IOException {
    Files.writeString(
        file,
        "MemTotal: %d kB\nMemFree: %d kB\nMemAvailable: %d kB\n"
            .formatted(totalBytes >> 10, availableBytes >> 10, availableBytes >> 10));
  }

  /** A command that runs another one, which sees the file. */
  String[] command() {
    return new String[] {"unshare", "--mount", "sh", "-c", MOUNT, file.toString()};
  }

  private boolean canBeMounted() throws InterruptedException {
    String[] start = command();
    String[] command = new String[start.length + 1];
    System.arraycopy(start, 0, command, 0, start.length);
    command[start.length] = "true";
    try {
      return new ProcessBuilder(command)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException absent) {
      return false;
    }
  }
}
