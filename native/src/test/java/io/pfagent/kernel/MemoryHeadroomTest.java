package io.pfagent.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MemoryHeadroomTest {

  private static final long GB = 1L << 30;

  @TempDir private Path root;

  @Test
  void whatTheMachineHasLeftOfItsMemory() throws IOException {
    writeMeminfo("MemAvailable:    2097152 kB\n");

    assertThat(MemoryHeadroom.read(root)).isEqualTo(new MemoryHeadroom(2 * GB, 16 * GB));
  }

  @Test
  void theMachineCountsWhereItIsNearerToItsEndThanTheGroup() throws IOException {
    writeMeminfo("MemAvailable:    1048576 kB\n");
    writeGroup(8 * GB, 2 * GB);

    assertThat(MemoryHeadroom.read(root)).isEqualTo(new MemoryHeadroom(GB, 16 * GB));
  }

  @Test
  void theGroupCountsWhereItIsNearerToItsLimit() throws IOException {
    writeMeminfo("MemAvailable:    8388608 kB\n");
    writeGroup(4 * GB, 3 * GB);

    assertThat(MemoryHeadroom.read(root)).isEqualTo(new MemoryHeadroom(GB, 4 * GB));
  }

  @Test
  void unknownWithoutTheFileOrItsLine() throws IOException {
    assertThat(MemoryHeadroom.read(root).isKnown()).isFalse();

    writeMeminfo("");
    assertThat(MemoryHeadroom.read(root).isKnown()).isFalse();

    writeMeminfo("MemAvailable:    soon\n");
    assertThat(MemoryHeadroom.read(root).isKnown()).isFalse();
  }

  private void writeMeminfo(String available) throws IOException {
    write(
        "proc/meminfo",
        "MemTotal:       16777216 kB\nMemFree:          123456 kB\n"
            + available
            + "Buffers: 1 kB\n");
  }

  private void writeGroup(long limit, long used) throws IOException {
    write("proc/self/mountinfo", "30 23 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n");
    write("proc/self/cgroup", "0::/app\n");
    write("sys/fs/cgroup/app/memory.max", limit + "\n");
    write("sys/fs/cgroup/app/memory.current", used + "\n");
  }

  private void write(String file, String text) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }
}
