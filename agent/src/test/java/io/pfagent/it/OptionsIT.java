package io.pfagent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.pfagent.it.ForkedJvm.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Bad options stop the JVM with one line; what the environment denies never does. */
class OptionsIT {

  private static final String PROGRAM = "io.pfagent.app.SayHello";

  @TempDir Path folder;

  static List<Jdk> jdks() {
    return Jdk.all();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "min-sise=1m      | unknown option 'min-sise'; did you mean 'min-size'?",
        "color=red        | unknown option 'color'; the options are record, min-size,",
        "jmx=off,jmx=off  | option 'jmx' is given twice",
        "min-size=64q     | min-size=64q is no size",
        "min-size=        | option 'min-size' needs a value",
        "min-size         | option 'min-size' needs a value",
        "interval=1       | interval=1 is no period",
        "interval=1ms     | interval=1ms is no period; give 10ms to 86400s",
        "sample=0         | sample=0 is no period; give 1 to 1000000, auto or off",
        "sample=1000001   | sample=1000001 is no period",
        "sample=often     | sample=often is no period",
        "stacks=all       | stacks=all must be auto, copy, fp or leaf",
        "merge=yes        | merge=yes must be auto or off",
        "samples-max=1k   | samples-max=1k is too small; give 1m or more",
        "perf-map=yes     | perf-map=yes must be true or false",
        "jmx=maybe        | jmx=maybe must be readwrite, readonly or off",
        "touch=Some.name  | touch=Some.name is no method; give package.Class::method",
      })
  void aBadOptionStopsTheJvm(String options, String message) throws Exception {
    for (Jdk jdk : Jdk.all()) {
      assertRefused(new ForkedJvm(jdk).agent(options).run(PROGRAM), message);
    }
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void aDirectoryIsNoRecording(Jdk jdk) throws Exception {
    Result result = new ForkedJvm(jdk).agent("record=" + folder).run(PROGRAM);

    assertRefused(result, "record=" + folder + " is a directory; name a file in it");
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void aRecordingInAFolderThatIsNotThereIsRefused(Jdk jdk) throws Exception {
    Path file = folder.resolve("none/app.jfr");
    Result result = new ForkedJvm(jdk).agent("record=" + file).run(PROGRAM);

    assertRefused(result, "record=" + file + " can't be written");
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void anOrdinaryUserIsToldWhereItMayNotWrite(Jdk jdk) throws Exception {
    OrdinaryUser.assume();
    Path denied = Files.createDirectory(folder.resolve("denied"));
    Files.setPosixFilePermissions(denied, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path file = denied.resolve("app.jfr");
    OrdinaryUser.letIn(folder);
    Result result = ordinary(jdk).agent("record=" + file).run(PROGRAM);

    assertRefused(result, "record=" + file + " can't be written");
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void anOrdinaryUserGetsARecording(Jdk jdk) throws Exception {
    OrdinaryUser.assume();
    Path own = Files.createDirectory(folder.resolve("own"));
    Files.setPosixFilePermissions(own, PosixFilePermissions.fromString("rwxrwxrwx"));
    OrdinaryUser.letIn(folder);
    Path file = own.resolve("app.jfr");
    Result result = ordinary(jdk).agent("record=" + file).run(PROGRAM);

    assertGoesOn(result, "recording to " + file);
    assertThat(RecordedEvents.read(file).allocations("direct-buffer")).hasSize(1);
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void aFullDiskLosesNothing(Jdk jdk) throws Exception {
    assumeTrue(OrdinaryUser.isRoot(), "skipped: mounting a small disk needs root");
    Path disk = Files.createDirectory(folder.resolve("disk"));
    int mounted = exec("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", disk.toString());
    assumeTrue(mounted == 0, "skipped: a small disk can't be mounted here");
    try {
      Path file = disk.resolve("app.jfr");
      Result result = new ForkedJvm(jdk).agent("record=" + file).run(PROGRAM);

      assertThat(result.exit()).as(result.err()).isZero();
      assertThat(result.out()).contains("hello");
      assertThat(result.err()).contains("pfagent: too little room for the recording at " + file);
      Path saved = Path.of(result.err().replaceAll("(?s).*it will be in (\\S+).*", "$1"));
      assertThat(RecordedEvents.read(saved).allocations("direct-buffer")).hasSize(1);
      Files.delete(saved);
    } finally {
      exec("umount", disk.toString());
    }
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void withoutTheModuleOfJfrItStaysOutOfTheWay(Jdk jdk) throws Exception {
    Result result =
        new ForkedJvm(jdk)
            .jvm("--limit-modules", "java.base,java.instrument")
            .agent("record=" + folder.resolve("app.jfr"))
            .run(PROGRAM);

    assertGoesOn(result, "not started: this JVM runs without the module jdk.jfr");
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void withoutTheModuleOfJmxItRecords(Jdk jdk) throws Exception {
    Path file = folder.resolve("app.jfr");
    Result result =
        new ForkedJvm(jdk)
            .jvm("--limit-modules", "java.base,java.instrument,jdk.jfr,java.logging")
            .agent("record=" + file)
            .run(PROGRAM);

    assertGoesOn(result, "recording to " + file);
    assertThat(RecordedEvents.read(file).allocations("direct-buffer")).hasSize(1);
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void withoutTaskIoTheCallsAreUnknown(Jdk jdk) throws Exception {
    assumeTrue(OrdinaryUser.isRoot(), "skipped: to hide /proc/self/io takes root");
    Path file = folder.resolve("app.jfr");
    Path empty = Files.createFile(folder.resolve("empty"));
    String hide = "mount --bind " + empty + " /proc/$$/io && exec \"$@\"";
    Result result =
        new ForkedJvm(jdk)
            .through("unshare", "--mount", "sh", "-c", hide, "sh")
            .agent("record=" + file)
            .run(PROGRAM);

    assertGoesOn(result, "recording to " + file);
    RecordedEvents events = RecordedEvents.read(file);
    assertThat(events.of("Capability"))
        .anySatisfy(
            capability -> {
              assertThat(capability.getString("name")).isEqualTo("task-io");
              assertThat(capability.getBoolean("available")).isFalse();
            });
    assertThat(events.of("ThreadFaults"))
        .isNotEmpty()
        .allSatisfy(event -> assertThat(event.getLong("readCalls")).isEqualTo(-1));
  }

  private static ForkedJvm ordinary(Jdk jdk) throws IOException {
    return new ForkedJvm(jdk)
        .through(OrdinaryUser.command())
        .jvm("-XX:-UsePerfData", "-Djava.io.tmpdir=" + System.getProperty("java.io.tmpdir"));
  }

  private static void assertRefused(Result result, String message) {
    assertThat(result.exit()).as(result.err()).isEqualTo(1);
    assertThat(result.out()).isEmpty();
    assertThat(result.errLines()).singleElement().asString().startsWith("pfagent: " + message);
  }

  private static void assertGoesOn(Result result, String message) {
    assertThat(result.exit()).as(result.err()).isZero();
    assertThat(result.out()).contains("hello");
    assertThat(result.errLines()).singleElement().asString().contains(message);
  }

  private static int exec(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command).inheritIO().start().waitFor();
  }
}
