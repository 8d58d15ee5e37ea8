package io.pfagent.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

final class KernelSettingsTest {

  private static final String THP = "sys/kernel/mm/transparent_hugepage/";

  @TempDir private Path root;

  @Test
  void readsWhatIsThere() throws IOException {
    write("proc/sys/kernel/osrelease", "6.12.43+deb13-amd64\n");
    write("proc/self/multi_page_alloc", "16\n");
    write("proc/sys/vm/overcommit_memory", "1\n");
    write("proc/sys/kernel/perf_event_paranoid", "-1\n");
    write("sys/kernel/debug/fault_around_bytes", "65536\n");
    write(THP + "enabled", "always [madvise] never\n");
    write(THP + "hugepages-2048kB/enabled", "always [inherit] madvise never\n");
    write(THP + "hugepages-64kB/enabled", "always inherit [madvise] never\n");
    write(THP + "hugepages-8kB/shmem_enabled", "always inherit [never]\n");
    write(THP + "khugepaged/defrag", "1\n");

    assertThat(KernelSettings.read(root))
        .isEqualTo(
            new KernelSettings(
                "6.12.43+deb13-amd64",
                LibC.pageSize(),
                16,
                "madvise",
                "64kB=madvise 2048kB=inherit",
                65536,
                1,
                -1,
                -1));
  }

  @Test
  void whatIsHiddenIsUnknown() {
    assertThat(KernelSettings.read(root))
        .isEqualTo(
            new KernelSettings(
                "", LibC.pageSize(), 0, "", "", -1, -1, KernelSettings.NO_LEVEL, -1));
  }

  @Test
  void nonsenseIsUnknown() throws IOException {
    write("proc/self/multi_page_alloc", "many\n");
    write(THP + "enabled", "always madvise never\n");
    write(THP + "hugepages-largekB/enabled", "[always]\n");

    KernelSettings settings = KernelSettings.read(root);

    assertThat(settings.multiPageAlloc()).isZero();
    assertThat(settings.thp()).isEmpty();
    assertThat(settings.mthp()).isEmpty();
  }

  @Test
  void selectedIsTheWordInBrackets() {
    assertThat(KernelSettings.selected(Optional.of("[always] madvise never"))).isEqualTo("always");
    assertThat(KernelSettings.selected(Optional.of("]never["))).isEmpty();
    assertThat(KernelSettings.selected(Optional.empty())).isEmpty();
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void thisMachineHasAKernel() {
    KernelSettings settings = KernelSettings.read();

    assertThat(settings.kernel()).isEqualTo(System.getProperty("os.version"));
    assertThat(settings.pageSize()).isGreaterThanOrEqualTo(4096);
    assertThat(settings.overcommit()).isBetween(0, 2);
  }

  private void write(String file, String text) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }
}
