package io.pfagent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.pfagent.it.ForkedJvm.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import jdk.jfr.consumer.RecordedEvent;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Sampled faults stand in the recording with their region, thread, time and method. */
class SamplingIT {

  private static final long PAGES = 65_536;
  private static final long PAGE = 4096;
  private static final long MB = 1 << 20;

  @TempDir Path folder;

  static List<Jdk> jdks() {
    return Jdk.all();
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void eachFaultPointsIntoItsRegionAndAtItsLine(Jdk jdk) throws Exception {
    Path recording = folder.resolve("deep.jfr");
    long block = touchDeep(jdk(jdk), "record=" + recording + ",sample=1");

    RecordedEvents events = RecordedEvents.read(recording);
    List<RecordedEvent> faults = faultsIn(events, block);
    assertThat(faults).hasSize((int) PAGES);
    assertThat(faults.stream().map(fault -> fault.getLong("address") / PAGE).distinct())
        .hasSize((int) PAGES);
    RecordedEvent region = regionOf(events, block);
    assertThat(faults)
        .allSatisfy(
            fault -> {
              assertThat(fault.getLong("regionId")).isEqualTo(region.getLong("regionId"));
              assertThat(fault.getString("kind")).isEqualTo("unsafe");
              assertThat(fault.getLong("offset"))
                  .isEqualTo(fault.getLong("address") - region.getLong("address"));
              assertThat(fault.getThread().getJavaName()).isEqualTo("main");
            });
    long exact = faults.stream().filter(SamplingIT::isInTouch).count();
    assertThat(exact).isGreaterThanOrEqualTo(PAGES * 99 / 100);
    assertThat(events.of("LostSamples")).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void anEstimateFromOneFaultInAHundredIsClose(Jdk jdk) throws Exception {
    Path recording = folder.resolve("hundred.jfr");
    long block = touchDeep(jdk(jdk), "record=" + recording + ",sample=100");

    List<RecordedEvent> faults = faultsIn(RecordedEvents.read(recording), block);
    assertThat(faults).allSatisfy(fault -> assertThat(fault.getLong("weight")).isEqualTo(100));
    assertThat(faults.stream().mapToLong(fault -> fault.getLong("weight")).sum())
        .isCloseTo(PAGES, withinPercentage(5));
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void anOrdinaryUserSamplesToo(Jdk jdk) throws Exception {
    OrdinaryUser.assume();
    OrdinaryUser.letIn(folder);
    Path open = Files.createDirectory(folder.resolve("open"));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
    Path recording = open.resolve("ordinary.jfr");
    long block =
        touchDeep(jdk(jdk).through(OrdinaryUser.command()), "record=" + recording + ",sample=100");

    assertThat(faultsIn(RecordedEvents.read(recording), block)).hasSizeGreaterThan(600);
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void faultsOfAnAllocationLieInItsTime(Jdk jdk) throws Exception {
    Path recording = folder.resolve("times.jfr");
    new ForkedJvm(jdk)
        .agent("record=" + recording + ",sample=1")
        .run("io.pfagent.app.ShortLivedThreads");

    RecordedEvents events = RecordedEvents.read(recording);
    List<RecordedEvent> allocations = events.allocations("direct-buffer");
    assertThat(allocations).hasSizeGreaterThanOrEqualTo(200);
    for (RecordedEvent allocation : allocations) {
      List<RecordedEvent> faults =
          events.of("PageFault").stream()
              .filter(fault -> fault.getLong("regionId") == allocation.getLong("regionId"))
              .toList();
      assertThat(faults).hasSizeGreaterThanOrEqualTo((int) (MB / PAGE));
      Duration slack = Duration.ofMillis(1);
      assertThat(faults)
          .allSatisfy(
              fault ->
                  assertThat(fault.getStartTime())
                      .isBetween(
                          allocation.getStartTime().minus(slack),
                          allocation.getEndTime().plus(slack)));
    }
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void shortLivedThreadsAreAccountedFor(Jdk jdk) throws Exception {
    Path recording = folder.resolve("threads.jfr");
    Result result =
        new ForkedJvm(jdk).agent("record=" + recording).run("io.pfagent.app.ShortLivedThreads");

    assertThat(result.exit()).as(result.err()).isZero();
    Accounts.assertComplete(RecordedEvents.read(recording));
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void aRecordingOfTheApplicationHasTheSamplesOfItsTime(Jdk jdk) throws Exception {
    Path first = folder.resolve("first.jfr");
    Path second = folder.resolve("second.jfr");
    Result result =
        new ForkedJvm(jdk)
            .agent("sample=1")
            .run("io.pfagent.app.OwnRecording", first.toString(), second.toString());

    assertThat(result.exit()).as(result.err()).isZero();
    for (Path recording : List.of(first, second)) {
      RecordedEvents events = RecordedEvents.read(recording);
      RecordedEvent allocation = events.allocations("direct-buffer").get(0);
      assertThat(events.allocations("direct-buffer")).hasSize(1);
      List<RecordedEvent> buffers =
          events.of("PageFault").stream()
              .filter(fault -> fault.getString("kind").equals("direct-buffer"))
              .toList();
      assertThat(buffers).hasSizeGreaterThanOrEqualTo((int) (16 * MB / PAGE));
      assertThat(buffers)
          .allSatisfy(
              fault ->
                  assertThat(fault.getLong("regionId")).isEqualTo(allocation.getLong("regionId")));
    }
    assertNothingLeft();
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void mergeOffLeavesTheFileAlone(Jdk jdk) throws Exception {
    Path recording = folder.resolve("alone.jfr");
    Path temporary = Files.createDirectory(folder.resolve("tmp"));
    Result result =
        new ForkedJvm(jdk)
            .jvm("-Djava.io.tmpdir=" + temporary)
            .agent("record=" + recording + ",sample=1,merge=off")
            .run("io.pfagent.app.ShortLivedThreads");

    assertThat(result.exit()).as(result.err()).isZero();
    assertThat(RecordedEvents.read(recording).of("PageFault")).isEmpty();
    assertThat(result.err()).contains("the sampled faults are in " + temporary);
    assertThat(temporary.toFile().list()).hasSize(1);
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void withoutSamplingNothingIsOpened(Jdk jdk) throws Exception {
    Path recording = folder.resolve("off.jfr");
    new ForkedJvm(jdk)
        .agent("record=" + recording + ",sample=off")
        .run("io.pfagent.app.ShortLivedThreads");

    RecordedEvents events = RecordedEvents.read(recording);
    assertThat(events.of("PageFault")).isEmpty();
    assertThat(events.of("ProcessFaults"))
        .isNotEmpty()
        .allSatisfy(event -> assertThat(event.getLong("userFaults")).isEqualTo(-1));
    assertThat(capability(events, "perf-page-faults").getString("reason")).isEqualTo("sample=off");
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void aSeccompFilterIsNamedAndTheCountersGoOn(Jdk jdk) throws Exception {
    Path recording = folder.resolve("denied.jfr");
    Result result =
        new ForkedJvm(jdk)
            .through(DenyCalls.command(folder, "errno", DenyCalls.PERF_EVENT_OPEN))
            .agent("record=" + recording)
            .run("io.pfagent.app.ShortLivedThreads");

    assertThat(result.exit()).as(result.err()).isZero();
    RecordedEvents events = RecordedEvents.read(recording);
    RecordedEvent capability = capability(events, "perf-page-faults");
    assertThat(capability.getBoolean("available")).isFalse();
    assertThat(capability.getString("reason")).contains("seccomp");
    assertThat(events.of("PageFault")).isEmpty();
    assertThat(events.allocations("direct-buffer"))
        .filteredOn(event -> event.getLong("size") == MB)
        .hasSize(200)
        .allSatisfy(
            event -> assertThat(event.getLong("minorFaults")).isGreaterThanOrEqualTo(MB / PAGE));
  }

  private void assertNothingLeft() throws Exception {
    try (var files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .noneMatch(name -> name.matches("pfagent-.*-samples-.*") && isMine(name));
    }
  }

  /** Of a process that has ended; others run their own tests. */
  private static boolean isMine(String name) {
    return ProcessHandle.of(Long.parseLong(name.split("-", 3)[1])).isEmpty();
  }

  private static ForkedJvm jdk(Jdk jdk) {
    ForkedJvm jvm = new ForkedJvm(jdk);
    return jdk.feature() >= 24 ? jvm.jvm("--sun-misc-unsafe-memory-access=allow") : jvm;
  }

  private static long touchDeep(ForkedJvm jvm, String options) throws Exception {
    Result result = jvm.agent(options).run("io.pfagent.app.TouchDeep", String.valueOf(PAGES));
    assertThat(result.exit()).as(result.err()).isZero();
    return Long.parseLong(result.out().strip());
  }

  private static List<RecordedEvent> faultsIn(RecordedEvents events, long block) {
    // malloc's header lies before the block, so its first page may be there already
    return events.of("PageFault").stream()
        .filter(fault -> fault.getLong("address") >= block)
        .filter(fault -> fault.getLong("address") < block + PAGES * PAGE)
        .toList();
  }

  private static RecordedEvent regionOf(RecordedEvents events, long block) {
    return events.allocations("unsafe").stream()
        .filter(event -> event.getLong("address") == block)
        .findFirst()
        .orElseThrow();
  }

  private static RecordedEvent capability(RecordedEvents events, String name) {
    return events.of("Capability").stream()
        .filter(event -> event.getString("name").equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static boolean isInTouch(RecordedEvent fault) {
    return RecordedEvents.frames(fault).contains("io.pfagent.app.TouchDeep.touch:43");
  }
}
