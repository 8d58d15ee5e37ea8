package io.pfagent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.pfagent.it.ForkedJvm.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import jdk.jfr.consumer.RecordedEvent;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Sampled faults stand in the recording with their region, thread, time and method. */
class SamplingIT {

  private static final long PAGES = DeepTouch.PAGES;
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
    // The optimizing compiler alone: what it inlines does not hang on when a profile was taken.
    DeepTouch.run(
        new ForkedJvm(jdk).jvm("-XX:-TieredCompilation"),
        "record=" + recording + ",sample=1,stacks=leaf");

    RecordedEvents events = RecordedEvents.read(recording);
    List<RecordedEvent> faults = DeepTouch.faults(events);
    assertThat(faults).hasSize((int) PAGES);
    assertThat(faults.stream().map(fault -> fault.getLong("address") / PAGE).distinct())
        .hasSize((int) PAGES);
    RecordedEvent region = DeepTouch.region(events);
    assertThat(faults)
        .allSatisfy(
            fault -> {
              assertThat(fault.getLong("regionId")).isEqualTo(region.getLong("regionId"));
              assertThat(fault.getString("kind")).isEqualTo("mapped-file");
              assertThat(fault.getLong("offset"))
                  .isEqualTo(fault.getLong("address") - region.getLong("address"));
              assertThat(fault.getThread().getJavaName()).isEqualTo("main");
            });
    long exact = faults.stream().filter(SamplingIT::isInTouch).count();
    assertThat(exact).isGreaterThanOrEqualTo(PAGES * 99 / 100);
    assertThat(events.of("LostSamples")).isEmpty();
    if (OrdinaryUser.isRoot()) {
      assertThat(events.capability("bpf-page-faults").getString("reason")).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void anEstimateFromOneFaultInAHundredIsClose(Jdk jdk) throws Exception {
    Path recording = folder.resolve("hundred.jfr");
    DeepTouch.run(new ForkedJvm(jdk), "record=" + recording + ",sample=100");

    List<RecordedEvent> faults = DeepTouch.faults(RecordedEvents.read(recording));
    assertThat(faults)
        .allSatisfy(
            fault ->
                assertThat(fault.getLong("weight")).isEqualTo(fault.getBoolean("major") ? 1 : 100));
    assertThat(faults.stream().mapToLong(fault -> fault.getLong("weight")).sum())
        .isCloseTo(PAGES, withinPercentage(5));
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void stacksAreWholeOnAStockJvm(Jdk jdk) throws Exception {
    Path recording = folder.resolve("whole.jfr");
    DeepTouch.run(new ForkedJvm(jdk), "record=" + recording + ",sample=100");

    RecordedEvents events = RecordedEvents.read(recording);
    RecordedEvent stacks = events.capability("stacks");
    assumeTrue(stacks.getBoolean("available"), () -> "skipped: " + stacks.getString("reason"));
    List<RecordedEvent> faults = DeepTouch.faults(events);
    assertThat(faults.stream().filter(SamplingIT::isWhole).count())
        .isGreaterThanOrEqualTo(faults.size() * 98L / 100);
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void framePointersGiveWholeStacksWhereTheJvmKeepsThem(Jdk jdk) throws Exception {
    Path recording = folder.resolve("pointers.jfr");
    DeepTouch.run(
        new ForkedJvm(jdk).jvm("-XX:+PreserveFramePointer"),
        "record=" + recording + ",sample=100,stacks=fp");

    RecordedEvents events = RecordedEvents.read(recording);
    assertThat(events.capability("stacks").getBoolean("available")).isTrue();
    // main itself runs in the interpreter or on its way to compiled code: it has no name here.
    List<RecordedEvent> faults = DeepTouch.faults(events);
    assertThat(
            faults.stream()
                .filter(
                    fault ->
                        ownMethods(fault).size() >= 3
                            && ownMethods(fault)
                                .subList(0, 3)
                                .equals(List.of("touch", "middle", "outer")))
                .count())
        .isGreaterThanOrEqualTo(faults.size() * 98L / 100);
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void withoutFramePointersTheTopIsLeftAndTheReasonSaid(Jdk jdk) throws Exception {
    Path recording = folder.resolve("top.jfr");
    DeepTouch.run(new ForkedJvm(jdk), "record=" + recording + ",sample=100,stacks=fp");

    RecordedEvents events = RecordedEvents.read(recording);
    RecordedEvent stacks = events.capability("stacks");
    assertThat(stacks.getBoolean("available")).isFalse();
    assertThat(stacks.getString("reason")).contains("-XX:+PreserveFramePointer");
    assertThat(DeepTouch.faults(events))
        .allSatisfy(fault -> assertThat(fault.getString("stackState")).isEqualTo("leaf"));
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void faultsOfAnAllocationLieInItsTime(Jdk jdk) throws Exception {
    Path recording = folder.resolve("times.jfr");
    new ForkedJvm(jdk)
        .agent("record=" + recording + ",sample=1,stacks=leaf")
        .run("io.pfagent.app.AllocateBuffers", "4");

    RecordedEvents events = RecordedEvents.read(recording);
    List<RecordedEvent> allocations = buffersOf40Mb(events);
    assertThat(allocations).hasSize(4);
    for (RecordedEvent allocation : allocations) {
      List<RecordedEvent> faults =
          events.of("PageFault").stream()
              .filter(fault -> fault.getLong("regionId") == allocation.getLong("regionId"))
              .toList();
      assertThat(faults).hasSizeBetween((int) (40 * MB / PAGE), (int) (40 * MB / PAGE) + 1);
      Duration slack = Duration.ofMillis(1);
      assertThat(faults)
          .allSatisfy(
              fault -> {
                assertThat(fault.getStartTime())
                    .isBetween(
                        allocation.getStartTime().minus(slack),
                        allocation.getEndTime().plus(slack));
                assertThat(fault.getThread().getOSThreadId())
                    .isEqualTo(allocation.getThread().getOSThreadId());
              });
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
    Path temporary = Files.createDirectory(folder.resolve("tmp"));
    Result result =
        new ForkedJvm(jdk)
            .jvm("-Djava.io.tmpdir=" + temporary)
            .agent("sample=1,stacks=leaf")
            .run("io.pfagent.app.OwnRecording", first.toString(), second.toString());

    assertThat(result.exit()).as(result.err()).isZero();
    for (Path recording : List.of(first, second)) {
      RecordedEvents events = RecordedEvents.read(recording);
      assertThat(buffersOf40Mb(events)).hasSize(1);
      RecordedEvent allocation = buffersOf40Mb(events).get(0);
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
    assertThat(temporary).isEmptyDirectory();
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void mergeOffLeavesTheFileAlone(Jdk jdk) throws Exception {
    Path recording = folder.resolve("alone.jfr");
    Path temporary = Files.createDirectory(folder.resolve("tmp"));
    Result result =
        new ForkedJvm(jdk)
            .jvm("-Djava.io.tmpdir=" + temporary)
            .agent("record=" + recording + "" + ",sample=1,stacks=leaf,merge=off")
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
    assertThat(events.capability("perf-page-faults").getString("reason")).isEqualTo("sample=off");
  }

  private static List<RecordedEvent> buffersOf40Mb(RecordedEvents events) {
    return events.allocations("direct-buffer").stream()
        .filter(event -> event.getLong("size") == 40 * MB)
        .toList();
  }

  /** From the method that touches down to main, all in this order. */
  private static boolean isWhole(RecordedEvent fault) {
    return fault.getString("stackState").equals("complete")
        && ownMethods(fault).equals(List.of("touch", "middle", "outer", "main"));
  }

  /** The program's own methods in a stack, the innermost first. */
  private static List<String> ownMethods(RecordedEvent fault) {
    return RecordedEvents.frames(fault).stream()
        .filter(frame -> frame.startsWith("io.pfagent.app.TouchDeep."))
        .map(frame -> frame.substring(frame.lastIndexOf('.') + 1, frame.indexOf(':')))
        .toList();
  }

  private static boolean isInTouch(RecordedEvent fault) {
    return RecordedEvents.frames(fault).contains("io.pfagent.app.TouchDeep.touch:47");
  }
}
