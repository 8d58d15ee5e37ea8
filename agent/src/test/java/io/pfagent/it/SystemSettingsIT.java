package io.pfagent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.pfagent.it.ForkedJvm.Result;
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

  private static final int PAGES = 32;
  private static final String OPTIONS = "prealloc=" + PAGES + ",backend=mthp,system-writes=true";
  private static final int MB = 1 << 20;

  @TempDir Path folder;

  private final HugePageSize size = HugePageSize.of(128);

  static List<Jdk> jdks() {
    return Jdk.all();
  }

  @BeforeEach
  void needsRoot() throws Exception {
    size.assumeFree();
  }

  @AfterEach
  void restore() throws Exception {
    size.restore();
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
    assertThat(size.read()).isEqualTo(size.before());
  }

  @ParameterizedTest
  @ValueSource(strings = {"exit 0", "exit 3", "fail", "end"})
  void putBackAtEveryOrderlyEnd(String ending) throws Exception {
    try (RunningJvm jvm = start()) {
      assertThat(size.read()).contains("[madvise]");
      jvm.tellLast(ending);
      jvm.awaitExit();
    }
    assertThat(size.read()).isEqualTo(size.before());
    assertThat(size.isHeld()).isFalse();
  }

  @Test
  void putBackAtSigterm() throws Exception {
    try (RunningJvm jvm = start()) {
      jvm.process().destroy();
      jvm.awaitExit();
    }
    assertThat(size.read()).isEqualTo(size.before());
  }

  @Test
  void putBackByTheNextStartAfterKill() throws Exception {
    try (RunningJvm jvm = start()) {
      jvm.process().destroyForcibly();
      jvm.awaitExit();
    }
    assertThat(size.read()).contains("[madvise]");

    Result looks = new ForkedJvm(Jdk.all().get(0)).agent("").run("io.pfagent.app.Nothing");
    assertThat(looks.err()).contains("doctor --restore");
    assertThat(size.read()).contains("[madvise]");

    Result restores =
        new ForkedJvm(Jdk.all().get(0)).agent("system-writes=true").run("io.pfagent.app.Nothing");
    assertThat(restores.err()).contains("madvise -> never");
    assertThat(size.read()).isEqualTo(size.before());
    assertThat(size.isHeld()).isFalse();
  }

  @Test
  void twoJvmsDoNotUndoEachOther() throws Exception {
    try (RunningJvm first = start();
        RunningJvm second = start()) {
      first.tellLast("exit 0");
      first.awaitExit();
      assertThat(size.read()).contains("[madvise]");
      second.tellLast("exit 0");
      second.awaitExit();
    }
    assertThat(size.read()).isEqualTo(size.before());
  }

  @Test
  void withoutLeaveNothingIsWritten() throws Exception {
    Result result =
        new ForkedJvm(Jdk.all().get(0))
            .agent("prealloc=" + PAGES + ",backend=mthp")
            .run("io.pfagent.app.Nothing");

    assertThat(result.exit()).isZero();
    assertThat(size.read()).isEqualTo(size.before());
  }

  /** A sysfs that is mounted read-only, as in most containers. */
  @Test
  void aReadOnlySysfsIsAnsweredWithTheReason() throws Exception {
    String[] readOnly = {
      "unshare", "--mount", "sh", "-c", "mount -o remount,bind,ro /sys && exec \"$@\"", "sh"
    };
    Result mounts = new ForkedJvm(Jdk.all().get(0)).through(readOnly).run("io.pfagent.app.Nothing");
    assumeTrue(mounts.exit() == 0, "skipped: sysfs can't be mounted anew: " + mounts.err());

    Path recording = folder.resolve("readonly.jfr");
    Result result =
        new ForkedJvm(Jdk.all().get(0))
            .agent(OPTIONS + ",record=" + recording)
            .through(readOnly)
            .run("io.pfagent.app.Nothing");

    assertThat(result.exit()).isZero();
    // Rounded to what is allowed already, or refused: the reason is the same.
    assertThat(result.err() + messages(recording))
        .contains("hugepages-128kB/enabled")
        .contains("may not be written");
    assertThat(size.read()).isEqualTo(size.before());
    assertThat(size.isHeld()).isFalse();
  }

  private static List<String> messages(Path recording) throws Exception {
    return RecordedEvents.read(recording).of("PreallocChange").stream()
        .map(event -> event.getString("message"))
        .toList();
  }

  private RunningJvm start() throws Exception {
    return RunningJvm.start(new ForkedJvm(Jdk.all().get(0)).agent(OPTIONS), folder);
  }
}
