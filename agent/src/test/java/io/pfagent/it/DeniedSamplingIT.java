package io.pfagent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.pfagent.it.ForkedJvm.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import jdk.jfr.consumer.RecordedEvent;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is denied is said, with what would change it, and all else goes on. */
class DeniedSamplingIT {

  private static final String BY_PROGRAM = "bpf-page-faults";
  private static final long BUFFER_BYTES = 40 << 20;
  private static final long PAGE = 4096;

  @TempDir Path folder;

  static List<Jdk> jdks() {
    return Jdk.all();
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void anOrdinaryUserSamplesToo(Jdk jdk) throws Exception {
    RecordedEvents events = sampleAsOrdinaryUser(jdk, "auto");

    assertThat(DeepTouch.faults(events)).hasSizeGreaterThan(600);
    assertThat(capabilities(events)).doesNotContain(BY_PROGRAM);
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void forAnOrdinaryUserTheKernelWritesTheSamples(Jdk jdk) throws Exception {
    RecordedEvents events = sampleAsOrdinaryUser(jdk, "leaf");

    assertThat(DeepTouch.faults(events)).hasSizeGreaterThan(600);
    assertThat(events.capability(BY_PROGRAM).getBoolean("available")).isFalse();
    assertThat(events.capability(BY_PROGRAM).getString("reason")).contains("CAP_BPF");
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void aFilterThatDeniesProgramsIsNamedAndTheKernelWritesTheSamples(Jdk jdk) throws Exception {
    assumeTrue(OrdinaryUser.isRoot(), "skipped: to load a BPF program takes root");
    Path recording = folder.resolve("filtered.jfr");
    DeepTouch.run(
        new ForkedJvm(jdk).through(DenyCalls.command(folder, "errno", DenyCalls.BPF)),
        "record=" + recording + ",sample=100,stacks=leaf");

    RecordedEvents events = RecordedEvents.read(recording);
    assertThat(DeepTouch.faults(events)).hasSizeGreaterThan(600);
    assertThat(events.capability(BY_PROGRAM).getString("reason")).contains("seccomp");
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void aSeccompFilterIsNamedAndTheCountersGoOn(Jdk jdk) throws Exception {
    Path recording = folder.resolve("denied.jfr");
    Result result =
        new ForkedJvm(jdk)
            .through(DenyCalls.command(folder, "errno", DenyCalls.PERF_EVENT_OPEN))
            .agent("record=" + recording)
            .run("io.pfagent.app.AllocateBuffers", "2");

    assertThat(result.exit()).as(result.err()).isZero();
    RecordedEvents events = RecordedEvents.read(recording);
    RecordedEvent capability = events.capability("perf-page-faults");
    assertThat(capability.getBoolean("available")).isFalse();
    assertThat(capability.getString("reason")).contains("seccomp");
    assertThat(events.of("PageFault")).isEmpty();
    assertThat(events.allocations("direct-buffer"))
        .filteredOn(event -> event.getLong("size") == BUFFER_BYTES)
        .hasSize(2)
        .allSatisfy(
            event ->
                assertThat(event.getLong("minorFaults"))
                    .isGreaterThanOrEqualTo(BUFFER_BYTES / PAGE));
  }

  private RecordedEvents sampleAsOrdinaryUser(Jdk jdk, String stacks) throws Exception {
    OrdinaryUser.assume();
    OrdinaryUser.letIn(folder);
    Path open = Files.createDirectory(folder.resolve("open"));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
    Path recording = open.resolve("ordinary.jfr");
    DeepTouch.run(
        new ForkedJvm(jdk).through(OrdinaryUser.command()),
        "record=" + recording + ",sample=100,stacks=" + stacks);
    return RecordedEvents.read(recording);
  }

  private static List<String> capabilities(RecordedEvents events) {
    return events.of("Capability").stream().map(event -> event.getString("name")).toList();
  }
}
