package io.pfagent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.jna.Native;
import io.pfagent.it.ForkedJvm.Result;
import java.nio.file.Path;
import java.util.List;
import jdk.jfr.consumer.RecordedEvent;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code zeroing=kernel}: new memory is zero in every case, and untouched where that pays. */
class ZeroingIT {

  private static final long FRESH_BYTES = 33 << 20;

  private static final long SWAP_BYTES = 512 << 20;

  /** A JVM with the agent and the largest buffer take half as much again. */
  private static final long TOO_LITTLE_BYTES = 80 << 20;

  @TempDir Path folder;

  static List<Jdk> jdks() {
    return Jdk.all();
  }

  static List<Jdk> jdksWithArenas() {
    List<Jdk> jdks = Jdk.withArenas();
    if (jdks.isEmpty()) {
      System.out.println("skipped: arenas need a JDK 22 or later, and none was found here");
    }
    return jdks;
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void newBuffersAreZeroAndUntouched(Jdk jdk) throws Exception {
    RecordedEvents events = check(jvm(jdk), "prealloc=512,");

    List<RecordedEvent> fresh =
        events.allocations("direct-buffer").stream()
            .filter(event -> event.getLong("size") == FRESH_BYTES)
            .toList();
    assertThat(fresh).hasSize(4);
    assertThat(fresh).allMatch(event -> event.getString("zeroing").equals("kernel"));
    assertThat(fresh).allMatch(event -> event.getLong("minorFaults") < 100);
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void zeroThoughMallocFillsWhatItGives(Jdk jdk) throws Exception {
    check(jvm(jdk).through("env", "MALLOC_PERTURB_=165"), "");
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void zeroUnderNativeMemoryTracking(Jdk jdk) throws Exception {
    RecordedEvents events = check(jvm(jdk).jvm("-XX:NativeMemoryTracking=detail"), "prealloc=512,");

    assertThat(events.allocations("direct-buffer"))
        .filteredOn(event -> event.getLong("size") == FRESH_BYTES)
        .allMatch(event -> event.getString("zeroing").equals("kernel"));
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void lockedMemoryIsLeftToTheJdk(Jdk jdk) throws Exception {
    assumeTrue(OrdinaryUser.isRoot(), "skipped: to lock much memory takes root");
    Path recording = folder.resolve("locked.jfr");
    Result result =
        jvm(jdk)
            .agent("zeroing=kernel,record=" + recording)
            .jvm("-Xmx64m")
            .run("io.pfagent.app.CheckZeros", "lock");

    assertThat(result.out()).as(result.err()).contains("mlockall 0").contains("all zero");
    assertThat(RecordedEvents.read(recording).allocations("direct-buffer"))
        .allMatch(event -> event.getString("zeroing").equals("jdk"));
  }

  /** A limit far below what is used: pages are swapped out, and their memory is given anew. */
  @ParameterizedTest
  @MethodSource("jdks")
  void zeroUnderMemoryPressure(Jdk jdk) throws Exception {
    try (SwapFile swap = SwapFile.on(folder.resolve("swap"), SWAP_BYTES);
        MemoryGroup group = MemoryGroup.limitedTo(TOO_LITTLE_BYTES)) {
      ForkedJvm jvm = jvm(jdk).through(group.command()).jvm("-Xmx64m", "-XX:+UseSerialGC");
      RecordedEvents events = check(jvm.jvm("-XX:MaxDirectMemorySize=1g"), "");

      assertThat(group.wasAtItsLimit()).isTrue();
      assertThat(swap.isOn()).isTrue();
      assertThat(events.allocations("direct-buffer"))
          .filteredOn(event -> event.getLong("size") == FRESH_BYTES)
          .isNotEmpty()
          .allMatch(event -> event.getString("zeroing").equals("kernel"));
    }
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("jdksWithArenas")
  void segmentsOfArenasAreZero(Jdk jdk) throws Exception {
    Path recording = folder.resolve("arena.jfr");
    Result result =
        new ForkedJvm(jdk)
            .agent("zeroing=kernel,prealloc=512,record=" + recording)
            .classPath(Java22Programs.compile(jdk, folder))
            .run("io.pfagent.app.CheckArenaZeros");

    assertThat(result.out()).as(result.err()).contains("all zero");
    assertThat(RecordedEvents.read(recording).allocations("arena"))
        .filteredOn(event -> event.getLong("size") == FRESH_BYTES)
        .isNotEmpty()
        .allMatch(event -> event.getString("zeroing").equals("kernel"));
  }

  private RecordedEvents check(ForkedJvm jvm, String options) throws Exception {
    Path recording = folder.resolve("zeros.jfr");
    Result result =
        jvm.agent(options + "zeroing=kernel,record=" + recording).run("io.pfagent.app.CheckZeros");
    assertThat(result.exit()).as(result.err()).isZero();
    assertThat(result.out()).contains("all zero");
    return RecordedEvents.read(recording);
  }

  private static ForkedJvm jvm(Jdk jdk) {
    ForkedJvm jvm = new ForkedJvm(jdk);
    jvm.classPath(
        Path.of(Native.class.getProtectionDomain().getCodeSource().getLocation().getPath()));
    if (jdk.feature() >= 24) {
      jvm.jvm("--sun-misc-unsafe-memory-access=allow", "--enable-native-access=ALL-UNNAMED");
    }
    return jvm;
  }
}
