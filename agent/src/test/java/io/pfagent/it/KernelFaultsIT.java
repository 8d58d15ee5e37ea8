package io.pfagent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.pfagent.it.ForkedJvm.Result;
import io.pfagent.kernel.SmallFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import jdk.jfr.consumer.RecordedEvent;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Faults that the kernel raises in the application's system calls: samples where it allows it. */
class KernelFaultsIT {

  private static final String CAPABILITY = "perf-kernel-page-faults";
  private static final long PAGES = 16_384;
  private static final long PAGE = 4096;
  private static final int ROUNDS = 20;

  @TempDir Path folder;

  static List<Jdk> jdks() {
    return Jdk.all();
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void aReadIntoFreshMemoryHasItsRegionAndItsCaller(Jdk jdk) throws Exception {
    Path recording = folder.resolve("read.jfr");
    readPages(new ForkedJvm(jdk), "record=" + recording + ",sample=1,stacks=leaf,interval=100ms");

    RecordedEvents events = RecordedEvents.read(recording);
    assumeAvailable(events, CAPABILITY);
    RecordedEvent region = regionOf(events);
    List<RecordedEvent> faults = events.faultsAt(region);
    assertThat(faults.stream().map(fault -> fault.getLong("offset") / PAGE).distinct())
        .hasSize((int) PAGES);
    assertThat(faults)
        .hasSize((int) PAGES)
        .allSatisfy(
            fault -> {
              assertThat(fault.getBoolean("inKernel")).isTrue();
              assertThat(fault.getLong("regionId")).isEqualTo(region.getLong("regionId"));
              assertThat(fault.getString("kind")).isEqualTo("mapped-file");
              assertThat(fault.getThread().getJavaName()).isEqualTo("main");
            });
    assertThat(last(events.of("ProcessFaults")).getLong("kernelFaults"))
        .isGreaterThanOrEqualTo(PAGES);
    // Of the last tenths of a second the samples may still lie in the rings when it is told.
    assertThat(sumOfKind(events, "mapped-file", "kernelFaults")).isPositive();
    assertThat(sumOfKind(events, "mapped-file", "faults")).isLessThan(PAGES);
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void theirStacksAreWhole(Jdk jdk) throws Exception {
    Path recording = folder.resolve("stacks.jfr");
    readPages(new ForkedJvm(jdk), "record=" + recording + ",sample=10");

    RecordedEvents events = RecordedEvents.read(recording);
    assumeAvailable(events, CAPABILITY);
    assumeAvailable(events, "stacks");
    assertThat(events.faultsAt(regionOf(events)))
        .isNotEmpty()
        .allSatisfy(
            fault -> {
              assertThat(fault.getString("stackState")).isEqualTo("complete");
              List<String> frames = RecordedEvents.frames(fault);
              assertThat(frames.get(0)).startsWith("libc");
              assertThat(frames)
                  .anyMatch(frame -> frame.startsWith("sun.nio.ch.FileChannelImpl.read:"))
                  .anyMatch(frame -> frame.startsWith("io.pfagent.app.ReadIntoFreshMemory.fill:"))
                  .anyMatch(frame -> frame.startsWith("io.pfagent.app.ReadIntoFreshMemory.main:"));
            });
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void anEstimateIsCloseWhateverThePeriodOfTheAgentsChoice(Jdk jdk) throws Exception {
    Path recording = folder.resolve("auto.jfr");
    readPages(new ForkedJvm(jdk), "record=" + recording + ",stacks=leaf", ROUNDS);

    RecordedEvents events = RecordedEvents.read(recording);
    assumeAvailable(events, CAPABILITY);
    long sampled =
        events.of("PageFault").stream()
            .filter(fault -> fault.getBoolean("inKernel"))
            .mapToLong(fault -> fault.getLong("weight"))
            .sum();
    assertThat(sampled).isCloseTo(ROUNDS * PAGES, withinPercentage(5));
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void anOrdinaryUserIsToldWhatToChange(Jdk jdk) throws Exception {
    OrdinaryUser.assume();
    long level = SmallFile.readNumber(Path.of("/proc/sys/kernel/perf_event_paranoid")).orElse(-2L);
    assumeTrue(level == 2, "skipped: kernel.perf_event_paranoid is " + level);
    OrdinaryUser.letIn(folder);
    Path open = Files.createDirectory(folder.resolve("open"));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
    Path recording = open.resolve("ordinary.jfr");

    readPages(
        new ForkedJvm(jdk).through(OrdinaryUser.command()),
        "record=" + recording + ",sample=1,interval=100ms");

    RecordedEvents events = RecordedEvents.read(recording);
    assertThat(events.capability("perf-page-faults").getBoolean("available")).isTrue();
    RecordedEvent denied = events.capability(CAPABILITY);
    assertThat(denied.getBoolean("available")).isFalse();
    assertThat(denied.getString("reason")).contains("kernel.perf_event_paranoid=1", "CAP_PERFMON");
    assertThat(events.of("PageFault"))
        .isNotEmpty()
        .noneMatch(fault -> fault.getBoolean("inKernel"));
    assertThat(last(events.of("ProcessFaults")).getLong("kernelFaults"))
        .isGreaterThanOrEqualTo(PAGES);
    assertThat(events.of("MemoryKind"))
        .allSatisfy(kind -> assertThat(kind.getLong("kernelFaults")).isEqualTo(-1));
  }

  private static void readPages(ForkedJvm jvm, String options) throws Exception {
    readPages(jvm, options, 1);
  }

  private static void readPages(ForkedJvm jvm, String options, int rounds) throws Exception {
    Result result =
        jvm.agent(options)
            .run(
                "io.pfagent.app.ReadIntoFreshMemory",
                String.valueOf(PAGES * PAGE),
                String.valueOf(rounds));
    assertThat(result.exit()).as(result.err()).isZero();
  }

  private static void assumeAvailable(RecordedEvents events, String name) {
    RecordedEvent capability = events.capability(name);
    assumeTrue(
        capability.getBoolean("available"), () -> "skipped: " + capability.getString("reason"));
  }

  private static RecordedEvent regionOf(RecordedEvents events) {
    return events.allocations("mapped-file").stream()
        .filter(event -> event.getLong("size") == PAGES * PAGE)
        .findFirst()
        .orElseThrow();
  }

  private static RecordedEvent last(List<RecordedEvent> events) {
    return events.get(events.size() - 1);
  }

  /** The agent's last word on a kind of memory. */
  private static long sumOfKind(RecordedEvents events, String kind, String field) {
    return last(events.of("MemoryKind").stream()
            .filter(event -> event.getString("kind").equals(kind))
            .toList())
        .getLong(field);
  }
}
