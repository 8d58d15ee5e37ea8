package io.pfagent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pfagent.it.ForkedJvm.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.management.Attribute;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.RuntimeMBeanException;
import javax.management.remote.JMXConnector;
import jdk.jfr.consumer.RecordedEvent;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Sampling in JVMs that run already, that are changed while they run, and that are killed. */
class SamplingLifecycleIT {

  private static final long MB = 1 << 20;

  @TempDir Path folder;

  static List<Jdk> jdks() {
    return Jdk.all();
  }

  static List<Jdk> jdksWithVirtualThreads() {
    return Jdk.all().stream().filter(jdk -> jdk.feature() >= 21).toList();
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void attachesAmongAHundredThreads(Jdk jdk) throws Exception {
    Path recording = folder.resolve("attached.jfr");
    // No buffer comes from memory that malloc had touched before.
    ForkedJvm forked = new ForkedJvm(jdk).through("env", "MALLOC_MMAP_THRESHOLD_=131072");
    try (RunningJvm jvm = RunningJvm.start(forked, folder)) {
      jvm.tell("threads 100");
      Result attached =
          new ForkedJvm(jdk)
              .noClassPath()
              .jvm("-jar", ForkedJvm.AGENT_JAR.toString())
              .run("attach", Long.toString(jvm.pid()), "sample=1,stacks=leaf,record=" + recording);
      assertThat(attached.exit()).as(attached.err()).isZero();
      jvm.tell("release");
      jvm.tellLast("end");
      assertThat(jvm.awaitExit()).isZero();
    }
    Set<String> threads =
        RecordedEvents.read(recording).of("PageFault").stream()
            .filter(fault -> fault.getThread() != null)
            .map(fault -> String.valueOf(fault.getThread().getJavaName()))
            .filter(name -> name.startsWith("waiting-"))
            .collect(Collectors.toSet());
    assertThat(threads).hasSize(100);
  }

  @ParameterizedTest
  @MethodSource("jdksWithVirtualThreads")
  void faultsOfVirtualThreadsAreTheirCarriers(Jdk jdk) throws Exception {
    Path recording = folder.resolve("virtual.jfr");
    Result result =
        new ForkedJvm(jdk)
            .agent("record=" + recording + ",sample=1,stacks=leaf")
            .run("io.pfagent.app.VirtualThreads");

    assertThat(result.exit()).as(result.err()).isZero();
    RecordedEvents events = RecordedEvents.read(recording);
    List<RecordedEvent> buffers =
        events.allocations("direct-buffer").stream()
            .filter(event -> event.getLong("size") == 40 * MB)
            .toList();
    assertThat(buffers).hasSize(8);
    for (RecordedEvent buffer : buffers) {
      List<RecordedEvent> faults =
          events.of("PageFault").stream()
              .filter(fault -> fault.getLong("regionId") == buffer.getLong("regionId"))
              .toList();
      assertThat(faults).hasSizeGreaterThanOrEqualTo((int) (40 * MB / 4096));
      assertThat(faults)
          .allSatisfy(
              fault ->
                  assertThat(fault.getThread().getJavaName()).startsWith("ForkJoinPool-1-worker-"));
    }
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void thePeriodChangesWhileItRuns(Jdk jdk) throws Exception {
    Path recording = folder.resolve("period.jfr");
    ForkedJvm forked = new ForkedJvm(jdk).agent("record=" + recording + ",sample=1,stacks=leaf");
    try (RunningJvm jvm = RunningJvm.start(forked, folder)) {
      changePeriods(jvm);
      jvm.tellLast("end");
      assertThat(jvm.awaitExit()).isZero();
    }
    RecordedEvents events = RecordedEvents.read(recording);
    List<Long> samples =
        events.allocations("direct-buffer").stream()
            .filter(event -> event.getLong("size") == 40 * MB)
            .map(event -> samplesIn(events, event.getLong("regionId")))
            .toList();
    assertThat(samples).hasSize(4);
    long pages = 40 * MB / 4096;
    assertThat(samples.get(0)).isGreaterThanOrEqualTo(pages);
    assertThat(samples.get(1)).isBetween(pages / 60, pages / 40);
    assertThat(samples.get(2)).isZero();
    assertThat(samples.get(3)).isGreaterThanOrEqualTo(pages);
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void whatAKilledJvmLeavesCanBeMerged(Jdk jdk) throws Exception {
    Path repository = Files.createDirectory(folder.resolve("repository"));
    Path temporary = Files.createDirectory(folder.resolve("tmp"));
    ForkedJvm forked =
        new ForkedJvm(jdk)
            .jvm(
                "-XX:FlightRecorderOptions:repository=" + repository,
                "-Djava.io.tmpdir=" + temporary)
            .agent("record=" + folder.resolve("never.jfr") + ",sample=1,stacks=leaf");
    try (RunningJvm jvm = RunningJvm.start(forked, folder)) {
      jvm.tell("allocate " + 40 * MB);
      awaitSamplesOnDisk(jvm);
      jvm.process().destroyForcibly().waitFor();
    }
    Path chunks = onlyChild(repository);
    Path samples = onlyChild(temporary);
    Path assembled = folder.resolve("assembled.jfr");
    Result result =
        new ForkedJvm(jdk)
            .noClassPath()
            .tool("jfr")
            .run("assemble", chunks.toString(), assembled.toString());
    assertThat(result.exit()).as(result.err() + result.out()).isZero();
    Path merged = folder.resolve("merged.jfr");
    Result merge =
        new ForkedJvm(jdk)
            .noClassPath()
            .jvm("-jar", ForkedJvm.AGENT_JAR.toString())
            .run("merge", assembled.toString(), samples.toString(), "-o", merged.toString());
    assertThat(merge.exit()).as(merge.err()).isZero();
    assertThat(RecordedEvents.read(merged).of("PageFault"))
        .filteredOn(fault -> fault.getString("kind").equals("direct-buffer"))
        .hasSizeGreaterThanOrEqualTo((int) (40 * MB / 4096));
  }

  private static void changePeriods(RunningJvm jvm) throws Exception {
    try (JMXConnector connector = jvm.jmx()) {
      MBeanServerConnection server = connector.getMBeanServerConnection();
      ObjectName bean = new ObjectName("io.pfagent:type=PageFaults");
      jvm.tell("allocate " + 40 * MB);
      server.setAttribute(bean, new Attribute("SamplePeriod", "50"));
      assertThat(server.getAttribute(bean, "SamplePeriod")).isEqualTo("50");
      assertThat(server.getAttribute(bean, "FaultsPerSample")).isEqualTo(50L);
      assertThat(server.getAttribute(bean, "RestedFaults")).isEqualTo(0L);
      jvm.tell("allocate " + 40 * MB);
      assertThatThrownBy(
              () -> server.setAttribute(bean, new Attribute("SamplePeriod", "sometimes")))
          .isInstanceOf(RuntimeMBeanException.class)
          .hasMessageContaining("sample=sometimes is no period");
      server.setAttribute(bean, new Attribute("SamplePeriod", "off"));
      assertThat(server.getAttribute(bean, "UserFaults")).isEqualTo(-1L);
      assertThat(server.getAttribute(bean, "RestedFaults")).isEqualTo(-1L);
      jvm.tell("allocate " + 40 * MB);
      server.setAttribute(bean, new Attribute("SamplePeriod", "1"));
      jvm.tell("allocate " + 40 * MB);
      // What came while it was off is on neither side.
      assertThat((long) server.getAttribute(bean, "UnattributedFaults"))
          .isGreaterThanOrEqualTo(40 * MB / 4096);
      assertThat((long) server.getAttribute(bean, "KernelFaults")).isLessThan(40 * MB / 4096);
    }
  }

  /** A JVM that answers over JMX that as many were read; they are on disk two seconds later. */
  private static void awaitSamplesOnDisk(RunningJvm jvm) throws Exception {
    try (JMXConnector connector = jvm.jmx()) {
      MBeanServerConnection server = connector.getMBeanServerConnection();
      ObjectName bean = new ObjectName("io.pfagent:type=PageFaults");
      while ((long) server.getAttribute(bean, "SampledFaults") < 40 * MB / 4096) {
        Thread.onSpinWait();
      }
    }
    assertThat(jvm.process().waitFor(2, TimeUnit.SECONDS)).isFalse();
  }

  private static long samplesIn(RecordedEvents events, long regionId) {
    return events.of("PageFault").stream()
        .filter(fault -> fault.getLong("regionId") == regionId)
        .count();
  }

  private static Path onlyChild(Path parent) throws Exception {
    try (Stream<Path> children = Files.list(parent)) {
      return children
          .filter(child -> !child.getFileName().toString().startsWith("hsperf"))
          .filter(Files::isDirectory)
          .reduce(
              (one, other) -> {
                throw new AssertionError("both " + one + " and " + other);
              })
          .orElseThrow();
    }
  }
}
