package io.pfagent.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Huge-page sizes, the patched kernel and what memory is left, in trees that stand for machines.
 */
final class HugePageSizesTest {

  private static final String THP = "sys/kernel/mm/transparent_hugepage/";

  @TempDir private Path root;

  @Test
  void sizesOfAnonymousMemoryOnly() throws IOException {
    write(THP + "enabled", "always [madvise] never\n");
    write(THP + "hpage_pmd_size", "2097152\n");
    write(THP + "hugepages-8kB/shmem_enabled", "always inherit [never]\n");
    write(THP + "hugepages-64kB/enabled", "always inherit [madvise] never\n");
    write(THP + "hugepages-16kB/enabled", "always inherit madvise [never]\n");
    write(THP + "hugepages-2048kB/enabled", "always [inherit] madvise never\n");

    HugePageSizes sizes = HugePageSizes.read(root, 4096);

    assertThat(sizes.words())
        .isEqualTo(Map.of(16L << 10, "never", 64L << 10, "madvise", 2L << 20, "inherit"));
    assertThat(sizes.reachesAdvised(16 << 10)).isFalse();
    assertThat(sizes.reachesAdvised(64 << 10)).isTrue();
    assertThat(sizes.reachesAdvised(2 << 20)).isTrue();
    assertThat(sizes.isUsedEverywhere(2 << 20)).isFalse();
    assertThat(sizes.largestAdvisedBelowTable()).hasValue(64 << 10);
  }

  @Test
  void beforeTheSizesThereWasOne() throws IOException {
    write(THP + "enabled", "[always] madvise never\n");
    write(THP + "hpage_pmd_size", "2097152\n");

    HugePageSizes sizes = HugePageSizes.read(root, 4096);

    assertThat(sizes.reachesAdvised(2 << 20)).isTrue();
    assertThat(sizes.isUsedEverywhere(2 << 20)).isTrue();
    assertThat(sizes.largestAdvisedBelowTable()).isEmpty();
  }

  @Test
  void aKernelWithoutHugePages() {
    HugePageSizes sizes = HugePageSizes.read(root, 4096);

    assertThat(sizes.largestBytes()).isZero();
    assertThat(sizes.reachesAdvised(2 << 20)).isFalse();
  }

  @Test
  void thePatchedKernelSaysSoItself() throws IOException {
    assertThat(MultiPageAlloc.open(root, "amd64")).isEmpty();
    write("proc/self/multi_page_alloc", "1\n");
    assertThat(MultiPageAlloc.open(root, "amd64")).isPresent();
    assertThat(MultiPageAlloc.open(root, "aarch64")).isEmpty();
  }

  @Test
  void theGroupNextToItsLimitDecides() throws IOException {
    write("proc/meminfo", "MemTotal: 8388608 kB\nMemFree: 10 kB\nMemAvailable: 4194304 kB\n");
    write("proc/self/mountinfo", "30 23 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n");
    write("proc/self/cgroup", "0::/app\n");
    assertThat(MemoryHeadroom.read(root)).isEqualTo(new MemoryHeadroom(4L << 30, 8L << 30));

    write("sys/fs/cgroup/app/memory.max", Long.toString(1L << 30));
    write("sys/fs/cgroup/app/memory.current", Long.toString(900L << 20));
    write("sys/fs/cgroup/app/memory.stat", "anon 1\ninactive_file " + (100L << 20) + "\n");
    assertThat(MemoryHeadroom.read(root)).isEqualTo(new MemoryHeadroom(224L << 20, 1L << 30));
  }

  @Test
  void whatIsHiddenIsUnknown() {
    assertThat(MemoryHeadroom.read(root).isKnown()).isFalse();
    assertThat(MemoryHeadroom.ofMachine(Optional.of("MemTotal: 1 kB\n")).isKnown()).isFalse();
  }

  private void write(String file, String text) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }
}
