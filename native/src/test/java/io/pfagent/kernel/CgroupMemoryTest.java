package io.pfagent.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CgroupMemoryTest {

  private static final String V2_MOUNT =
      "30 23 0:26 / /sys/fs/cgroup rw,nosuid,nodev shared:9 - cgroup2 cgroup2 rw,nsdelegate\n";

  @TempDir private Path root;

  @Test
  void v2TakesTheTightestLimitOnTheWayUp() throws IOException {
    write("proc/self/mountinfo", V2_MOUNT);
    write("proc/self/cgroup", "0::/user.slice/app.service\n");
    write("sys/fs/cgroup/user.slice/memory.max", "1073741824\n");
    write("sys/fs/cgroup/user.slice/app.service/memory.max", "2147483648\n");

    assertThat(CgroupMemory.limitBytes(root)).isEqualTo(1L << 30);
  }

  @Test
  void v2MaxIsNoLimit() throws IOException {
    write("proc/self/mountinfo", V2_MOUNT);
    write("proc/self/cgroup", "0::/app\n");
    write("sys/fs/cgroup/app/memory.max", "max\n");

    assertThat(CgroupMemory.limitBytes(root)).isEqualTo(CgroupMemory.NO_LIMIT);
  }

  @Test
  void v2InAContainerOfItsOwnNamespace() throws IOException {
    write("proc/self/mountinfo", V2_MOUNT);
    write("proc/self/cgroup", "0::/\n");
    write("sys/fs/cgroup/memory.max", "536870912\n");

    assertThat(CgroupMemory.limitBytes(root)).isEqualTo(1L << 29);
  }

  @Test
  void v2GroupOutsideTheNamespace() throws IOException {
    write("proc/self/mountinfo", V2_MOUNT);
    write("proc/self/cgroup", "0::/../other\n");
    write("sys/fs/other/memory.max", "1\n");
    write("sys/fs/cgroup/memory.max", "536870912\n");

    assertThat(CgroupMemory.limitBytes(root)).isEqualTo(1L << 29);
  }

  @Test
  void v1InAContainerThatMountsItsOwnGroup() throws IOException {
    write(
        "proc/self/mountinfo",
        """
        35 31 0:32 /docker/8d2b /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory
        36 31 0:33 /docker/8d2b /sys/fs/cgroup/cpu ro - cgroup cgroup rw,cpu
        """);
    write("proc/self/cgroup", "5:cpu:/docker/8d2b\n4:memory:/docker/8d2b/sub\n0::/\n");
    write("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
    write("sys/fs/cgroup/memory/sub/memory.limit_in_bytes", "268435456\n");
    write("sys/fs/cgroup/cpu/sub/memory.limit_in_bytes", "1\n");

    assertThat(CgroupMemory.limitBytes(root)).isEqualTo(1L << 28);
  }

  @Test
  void v1LargestNumberIsNoLimit() throws IOException {
    write(
        "proc/self/mountinfo", "35 31 0:32 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n");
    write("proc/self/cgroup", "4:memory:/\n");
    write("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");

    assertThat(CgroupMemory.limitBytes(root)).isEqualTo(CgroupMemory.NO_LIMIT);
  }

  @Test
  void withoutControlGroupsThereIsNoLimit() throws IOException {
    assertThat(CgroupMemory.limitBytes(root)).isEqualTo(CgroupMemory.NO_LIMIT);

    write("proc/self/mountinfo", "nonsense\n36 35 98:0 / / rw - ext4 /dev/root rw\n");
    write("proc/self/cgroup", "nonsense\n");
    assertThat(CgroupMemory.limitBytes(root)).isEqualTo(CgroupMemory.NO_LIMIT);
  }

  private void write(String file, String text) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }
}
