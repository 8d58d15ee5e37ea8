package io.pfagent.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Sampling leaves the application its file descriptors. */
@EnabledOnOs(OS.LINUX)
final class FewDescriptorsTest {

  private static final Path LIMITS = Path.of("/proc/self/limits");
  private static final SampleSetUp SET_UP = new SampleSetUp(SampleLayout.leaf(), 1 << 20);

  private long before;

  @BeforeEach
  void rememberLimit() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/prlimit")), "skipped: prlimit is not there");
    before = FileDescriptors.softLimit(Files.readString(LIMITS)).orElseThrow();
  }

  @AfterEach
  void restoreLimit() throws Exception {
    if (before > 0) {
      setLimit(before);
    }
  }

  @Test
  void faultsOfTheKernelAreLeftOutFirst() throws Exception {
    setLimit(FileDescriptors.countOpen() + eventsOfAClass() * 9 / 2);
    FaultSampling.Opened opened = FaultSampling.open(SET_UP, 100);

    assumeTrue(
        opened.sampling().isPresent() || opened.capability().reason().contains("descriptors"),
        () -> "skipped: " + opened.capability().reason());
    try (FaultSampling sampling = opened.sampling().orElseThrow()) {
      assertThat(sampling.inKernel().available()).isFalse();
      assertThat(sampling.inKernel().reason()).contains("file descriptors", "ulimit -n");
      assertThat(sampling.setPeriod(10)).isEmpty();
    }
  }

  @Test
  void whereHalfOfThemWouldGoThereIsNoSampling() throws Exception {
    setLimit(FileDescriptors.countOpen() + eventsOfAClass());
    FaultSampling.Opened opened = FaultSampling.open(SET_UP, 100);

    assertThat(opened.sampling()).isEmpty();
    assertThat(opened.capability().reason()).contains("file descriptors", "ulimit -n");
  }

  @Test
  void aRestOfAllGoesOnWhereTheyAreMissing() throws Exception {
    FaultSampling.Opened opened = FaultSampling.open(SET_UP, 100);
    assumeTrue(opened.sampling().isPresent(), () -> "skipped: " + opened.capability().reason());
    try (FaultSampling sampling = opened.sampling().orElseThrow()) {
      sampling.restEntirely();
      sampling.drain(fault -> {});
      long resting = FileDescriptors.countOpen();
      setLimit(resting + eventsOfAClass());

      assertThat(sampling.setPeriod(10).orElseThrow()).contains("file descriptors", "ulimit -n");
      assertThat(sampling.isResting()).isTrue();
      assertThat(FileDescriptors.countOpen()).isLessThanOrEqualTo(resting);

      setLimit(before);
      assertThat(sampling.setPeriod(10)).isEmpty();
      assertThat(sampling.isResting()).isFalse();
    }
  }

  /** One for each thread and processor. */
  private static long eventsOfAClass() {
    try (Tasks tasks = Tasks.open()) {
      int[] threads = new int[1];
      tasks.forEach(task -> threads[0]++);
      return (long) threads[0] * CpuList.ofThisProcess().cardinality();
    }
  }

  private static void setLimit(long descriptors) throws IOException, InterruptedException {
    String pid = String.valueOf(ProcessHandle.current().pid());
    Process prlimit =
        new ProcessBuilder("prlimit", "--pid", pid, "--nofile=" + descriptors + ":")
            .inheritIO()
            .start();
    assertThat(prlimit.waitFor()).isZero();
  }
}
