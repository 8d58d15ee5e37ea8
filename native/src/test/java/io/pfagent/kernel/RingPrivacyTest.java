package io.pfagent.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/**
 * Copied stacks hold the application's data. The rings that they lie in are no file that another
 * could open, and go into no child process and no core dump: the kernel sees to that (perf_mmap in
 * kernel/events/core.c), and this test to the kernel.
 */
@EnabledOnOs(OS.LINUX)
final class RingPrivacyTest {

  private static final String PERF_EVENT = "anon_inode:[perf_event]";
  private static final int O_CLOEXEC = 02000000;
  private static final int STACK_BYTES = 16 * 1024;
  private static final int RING_BYTES = 1 << 20;

  @Test
  void ringsAreLeftOutOfCoresAndChildren() throws Exception {
    try (FaultSampling sampling = open()) {
      List<String> rings = mappingsOf(PERF_EVENT);
      assertThat(rings).hasSameSizeAs(processors()).isNotEmpty();
      assertThat(rings)
          .allSatisfy(
              ring -> {
                assertThat(ring).contains(" rw-s ");
                String flags =
                    ring.lines().filter(line -> line.startsWith("VmFlags:")).toList().get(0);
                assertThat(flags.split(" ")).contains("dd", "dc"); // don't dump, don't copy on fork
              });
      assertThat(sampling.ringBytes()).isPositive();
    }
    assertThat(mappingsOf(PERF_EVENT)).isEmpty();
  }

  @Test
  void eventsAreNotPassedOnAndNotToBeOpened() throws Exception {
    try (FaultSampling sampling = open()) {
      List<Path> events = events();
      assertThat(events).hasSizeGreaterThan(sampling.ringBytes() > 0 ? 1 : 0);
      for (Path event : events) {
        Path info = Path.of("/proc/self/fdinfo").resolve(event.getFileName());
        int flags =
            Integer.parseInt(Files.readString(info).lines().toList().get(1).split("\\s+")[1], 8);
        assertThat(flags & O_CLOEXEC).isEqualTo(O_CLOEXEC);
        assertThatThrownBy(() -> Files.newByteChannel(event).close())
            .isInstanceOf(IOException.class);
      }
    }
  }

  private static FaultSampling open() {
    SampleLayout stacks = SampleLayout.leaf().withStack(0, STACK_BYTES);
    FaultSampling.Opened opened = FaultSampling.open(new SampleSetUp(stacks, RING_BYTES), 1000);
    assumeTrue(opened.sampling().isPresent(), opened.capability().reason());
    return opened.sampling().get();
  }

  private static List<Integer> processors() {
    return CpuList.ofThisProcess().stream().boxed().toList();
  }

  /** The entries of proc_pid_smaps(5) with a name. */
  private static List<String> mappingsOf(String name) throws IOException {
    List<String> entries = new ArrayList<>();
    boolean inside = false;
    for (String line : Files.readAllLines(Path.of("/proc/self/smaps"))) {
      boolean head = Character.digit(line.charAt(0), 16) >= 0 && line.contains("-");
      inside = head ? line.endsWith(name) : inside;
      if (inside && head) {
        entries.add(line);
      } else if (inside) {
        entries.add(entries.remove(entries.size() - 1) + "\n" + line);
      }
    }
    return entries;
  }

  private static List<Path> events() throws IOException {
    List<Path> found = new ArrayList<>();
    try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
      for (Path one : all.toList()) {
        if (Files.isSymbolicLink(one)
            && Files.exists(one, LinkOption.NOFOLLOW_LINKS)
            && Files.readSymbolicLink(one).toString().equals(PERF_EVENT)) {
          found.add(one);
        }
      }
    }
    return found;
  }
}
