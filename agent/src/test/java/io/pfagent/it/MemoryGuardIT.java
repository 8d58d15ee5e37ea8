package io.pfagent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.List;
import javax.management.remote.JMXConnector;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Preallocation never brings a process near its group's limit, nor the machine near its end. */
class MemoryGuardIT {

  private static final long MB = 1 << 20;
  private static final long GB = 1024 * MB;
  private static final long LIMIT = 768 * MB;
  private static final long MORE_THAN_IS_LEFT = 720 * MB;

  /** What the guard keeps free of a limit of this size. */
  private static final long RESERVE = 64 * MB;

  @TempDir Path folder;

  static List<Jdk> jdks() {
    return Jdk.all();
  }

  @BeforeEach
  void needsHugePages() throws Exception {
    assumeTrue(HugePageSize.isMadvise(), "skipped: transparent_hugepage/enabled is not madvise");
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void whatWouldNotFitIsNotPreallocated(Jdk jdk) throws Exception {
    Path recording = folder.resolve("limit.jfr");
    try (MemoryGroup group = MemoryGroup.limitedTo(LIMIT);
        RunningJvm jvm = start(jdk, group, "prealloc=512,zeroing=kernel,record=" + recording)) {
      askForTooMuch(jvm);
      jvm.tellLast("exit 0");
      assertThat(jvm.awaitExit()).isZero();
    }

    RecordedEvents events = RecordedEvents.read(recording);
    assertThat(events.allocations("direct-buffer"))
        .filteredOn(event -> event.getLong("size") >= 32 * MB)
        .extracting(event -> event.getLong("preallocPages"))
        .containsExactly(512L, 1L);
  }

  private static void askForTooMuch(RunningJvm jvm) throws Exception {
    try (JMXConnector connector = jvm.jmx()) {
      PreallocBean bean = PreallocBean.await(connector);
      assertThat((long) bean.get("HeadroomBytes")).isBetween(1L, LIMIT - RESERVE);
      jvm.tell("allocate " + 32 * MB);
      jvm.tell("allocate " + MORE_THAN_IS_LEFT);
      assertThatThrownBy(() -> bean.call("setRegionPages", bean.regionOf(MORE_THAN_IS_LEFT), 512))
          .rootCause()
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("too little memory");
    }
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void itStopsWhenMemoryBecomesShort(Jdk jdk) throws Exception {
    try (MemoryGroup group = MemoryGroup.limitedTo(LIMIT);
        RunningJvm jvm = start(jdk, group, "prealloc=512");
        JMXConnector connector = jvm.jmx()) {
      PreallocBean bean = PreallocBean.await(connector);
      while ((long) bean.get("HeadroomBytes") > 0) {
        jvm.tell("allocate " + MB / 2); // little: what is left is read ten times a second
      }

      assertThat(bean.awaitChange("stopped")).contains("512 -> 1").contains("memory is short");
      assertThat(bean.get("PreallocPages")).isEqualTo(1);
      assertThatThrownBy(() -> bean.set("PreallocPages", 512))
          .rootCause()
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("too little memory");
    }
  }

  /** No group is limited here: all that changes is what the machine is said to have left. */
  @ParameterizedTest
  @MethodSource("jdks")
  void itStopsWhenTheMachineRunsShort(Jdk jdk) throws Exception {
    MachineMemory machine = MachineMemory.in(folder, 16 * GB, 4 * GB);
    try (RunningJvm jvm = start(jdk, machine.command(), "prealloc=512");
        JMXConnector connector = jvm.jmx()) {
      PreallocBean bean = PreallocBean.await(connector);
      assertThat((long) bean.get("HeadroomBytes")).isBetween(GB, 3 * GB);

      machine.leave(GB - MB);
      assertThat(bean.awaitChange("stopped")).contains("512 -> 1").contains("memory is short");
      assertThat((long) bean.get("HeadroomBytes")).isZero();
      assertThatThrownBy(() -> bean.set("PreallocPages", 512))
          .rootCause()
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("too little memory");

      machine.leave(4 * GB);
      while ((long) bean.get("HeadroomBytes") == 0) {
        Thread.onSpinWait(); // it is read ten times a second
      }
      bean.set("PreallocPages", 512);
      assertThat(bean.get("PreallocPages")).isEqualTo(512);
    }
  }

  /** Ends before the group does: resources are closed in reverse order. */
  private RunningJvm start(Jdk jdk, MemoryGroup group, String options) throws Exception {
    return start(jdk, group.command(), options);
  }

  private RunningJvm start(Jdk jdk, String[] through, String options) throws Exception {
    ForkedJvm jvm =
        new ForkedJvm(jdk)
            .through(through)
            .agent(options)
            .jvm("-Xmx64m", "-XX:MaxDirectMemorySize=2g", "-XX:+UseSerialGC");
    return RunningJvm.start(jvm, folder);
  }
}
