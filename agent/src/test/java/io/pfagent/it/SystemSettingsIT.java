package io.pfagent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.pfagent.it.ForkedJvm.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import jdk.jfr.consumer.RecordedEvent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A size of huge pages, switched on for the system and put back, whatever way the JVM ends. Needs
 * root; uses a size that nobody else is likely to.
 */
class SystemSettingsIT {

  private static final Path ENABLED =
      Path.of("/sys/kernel/mm/transparent_hugepage/hugepages-128kB/enabled");

  private static final Path STATE = Path.of("/run/pfagent/settings");
  private static final int PAGES = 32;
  private static final String OPTIONS = "prealloc=" + PAGES + ",backend=mthp,system-writes=true";
  private static final int MB = 1 << 20;

  @TempDir Path folder;

  private String before;

  static List<Jdk> jdks() {
    return Jdk.all();
  }

  @BeforeEach
  void needsRoot() throws Exception {
    assumeTrue(OrdinaryUser.isRoot(), "skipped: system-wide settings take root");
    assumeTrue(Files.isWritable(ENABLED), "skipped: " + ENABLED + " can't be written here");
    before = Files.readString(ENABLED);
    assumeTrue(before.contains("[never]"), "skipped: " + ENABLED + " is in use");
    assumeTrue(!holds(), "skipped: another JVM holds it");
  }

  @AfterEach
  void restore() throws Exception {
    if (before != null && Files.isWritable(ENABLED)) {
      Files.writeString(ENABLED, before.substring(before.indexOf('[') + 1, before.indexOf(']')));
    }
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void faultsAreDividedByThePages(Jdk jdk) throws Exception {
    Path recording = folder.resolve("mthp.jfr");
    Result result =
        new ForkedJvm(jdk)
            .agent(OPTIONS + ",record=" + recording)
            .run("io.pfagent.app.AllocateRegions", folder.resolve("file").toString());

    assertThat(result.exit()).as(result.err()).isZero();
    RecordedEvent buffer =
        RecordedEvents.read(recording).allocations("direct-buffer").stream()
            .filter(event -> event.getLong("size") == 64 * MB)
            .findFirst()
            .orElseThrow();
    assertThat(buffer.getLong("preallocPages")).isEqualTo(PAGES);
    // One for each unit, and some for the page tables and both ends.
    assertThat(buffer.getLong("minorFaults")).isBetween(512L, 512L + 200);
    assertThat(Files.readString(ENABLED)).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(strings = {"exit 0", "exit 3", "fail", "end"})
  void putBackAtEveryOrderlyEnd(String ending) throws Exception {
    try (RunningJvm jvm = start()) {
      assertThat(Files.readString(ENABLED)).contains("[madvise]");
      jvm.tellLast(ending);
      jvm.awaitExit();
    }
    assertThat(Files.readString(ENABLED)).isEqualTo(before);
    assertThat(holds()).isFalse();
  }

  @Test
  void putBackAtSigterm() throws Exception {
    try (RunningJvm jvm = start()) {
      jvm.process().destroy();
      jvm.awaitExit();
    }
    assertThat(Files.readString(ENABLED)).isEqualTo(before);
  }

  @Test
  void putBackByTheNextStartAfterKill() throws Exception {
    try (RunningJvm jvm = start()) {
      jvm.process().destroyForcibly();
      jvm.awaitExit();
    }
    assertThat(Files.readString(ENABLED)).contains("[madvise]");

    Result looks = new ForkedJvm(Jdk.all().get(0)).agent("").run("io.pfagent.app.Nothing");
    assertThat(looks.err()).contains("doctor --restore");
    assertThat(Files.readString(ENABLED)).contains("[madvise]");

    Result restores =
        new ForkedJvm(Jdk.all().get(0)).agent("system-writes=true").run("io.pfagent.app.Nothing");
    assertThat(restores.err()).contains("madvise -> never");
    assertThat(Files.readString(ENABLED)).isEqualTo(before);
    assertThat(holds()).isFalse();
  }

  @Test
  void twoJvmsDoNotUndoEachOther() throws Exception {
    try (RunningJvm first = start();
        RunningJvm second = start()) {
      first.tellLast("exit 0");
      first.awaitExit();
      assertThat(Files.readString(ENABLED)).contains("[madvise]");
      second.tellLast("exit 0");
      second.awaitExit();
    }
    assertThat(Files.readString(ENABLED)).isEqualTo(before);
  }

  @Test
  void withoutLeaveNothingIsWritten() throws Exception {
    Result result =
        new ForkedJvm(Jdk.all().get(0))
            .agent("prealloc=" + PAGES + ",backend=mthp")
            .run("io.pfagent.app.Nothing");

    assertThat(result.exit()).isZero();
    assertThat(Files.readString(ENABLED)).isEqualTo(before);
  }

  private RunningJvm start() throws Exception {
    return RunningJvm.start(new ForkedJvm(Jdk.all().get(0)).agent(OPTIONS), folder);
  }

  private static boolean holds() throws Exception {
    return Files.exists(STATE) && Files.readString(STATE).contains("hugepages-128kB");
  }
}
