package io.pfagent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.List;
import javax.management.remote.JMXConnector;
import jdk.jfr.consumer.RecordedEvent;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What was handed out and never used is told until it is given back, and afterwards too. */
class WasteIT {

  private static final long MB = 1 << 20;
  private static final long SIZE = 64 * MB;

  /** The pages at both ends, and what the estimate leaves open. */
  private static final long MOST_MISSED = 4 * MB;

  @TempDir Path folder;

  static List<Jdk> jdks() {
    return Jdk.all();
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void toldAfterPreallocationHasEnded(Jdk jdk) throws Exception {
    assumeTrue(HugePageSize.isMadvise(), "skipped: transparent_hugepage/enabled is not madvise");
    Path recording = folder.resolve("waste.jfr");
    ForkedJvm forked = new ForkedJvm(jdk).agent("prealloc=512,record=" + recording);
    if (jdk.feature() >= 24) {
      forked.jvm("--sun-misc-unsafe-memory-access=allow");
    }
    try (RunningJvm jvm = RunningJvm.start(forked, folder)) {
      waste(jvm);
      jvm.tellLast("exit 0");
      assertThat(jvm.awaitExit()).isZero();
    }

    RecordedEvents events = RecordedEvents.read(recording);
    RecordedEvent end = events.of("PreallocChange").get(1);
    assertThat(end.getLong("newPages")).isEqualTo(1);
    assertThat(events.of("ProcessFaults"))
        .filteredOn(event -> event.getStartTime().isAfter(end.getStartTime()))
        .last()
        .satisfies(WasteIT::isAllWaste);
    assertThat(events.of("RegionStatistics"))
        .filteredOn(event -> event.getLong("size") == SIZE)
        .filteredOn(event -> event.getStartTime().isAfter(end.getStartTime()))
        .last()
        .satisfies(WasteIT::isAllWaste);
    assertThat(events.of("RegionFree"))
        .filteredOn(event -> event.getLong("size") == SIZE)
        .singleElement()
        .satisfies(WasteIT::isAllWaste);
  }

  /** The JDK zeroes two buffers, and nobody writes to them; one is freed, one stays to the end. */
  private static void waste(RunningJvm jvm) throws Exception {
    try (JMXConnector connector = jvm.jmx()) {
      PreallocBean bean = PreallocBean.await(connector);
      jvm.tell("allocate " + SIZE);
      jvm.tell("allocate " + SIZE);
      bean.set("PreallocPages", 1);
      assertThat((long) bean.get("UnusedBytes")).isBetween(2 * (SIZE - MOST_MISSED), 2 * SIZE);
      jvm.tell("free");
      assertThat((long) bean.get("UnusedBytes")).isBetween(SIZE - MOST_MISSED, SIZE);
    }
  }

  private static void isAllWaste(RecordedEvent event) {
    assertThat(event.getLong("unusedBytes")).isBetween(SIZE - MOST_MISSED, SIZE);
  }
}
