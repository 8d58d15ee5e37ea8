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

/** {@code prealloc=auto}: what sampled faults tell decides, and each decision is an event. */
class AutoIT {

  private static final long MB = 1 << 20;

  @TempDir Path folder;

  static List<Jdk> jdks() {
    return Jdk.all();
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void decidesByWhatIsSeen(Jdk jdk) throws Exception {
    assumeTrue(HugePageSize.isMadvise(), "skipped: transparent_hugepage/enabled is not madvise");
    Path recording = folder.resolve("auto.jfr");
    Regions regions;
    try (RunningJvm jvm = start(jdk, recording)) {
      regions = use(jvm);
      jvm.tellLast("exit 0");
      assertThat(jvm.awaitExit()).isZero();
    }

    RecordedEvents events = RecordedEvents.read(recording);
    assertThat(of(events, regions.walked()))
        .first()
        .satisfies(
            change -> {
              assertThat(change.getLong("newPages")).isEqualTo(512);
              assertThat(change.getString("outcome")).isEqualTo("applied");
              assertThat(change.getString("message")).contains("in order");
            });
    assertThat(of(events, regions.jumped()))
        .singleElement()
        .satisfies(
            change -> {
              assertThat(change.getLong("newPages")).isEqualTo(1);
              assertThat(change.getString("outcome")).isEqualTo("kept");
              assertThat(change.getString("message")).contains("sparse or in no order");
            });
    assertThat(of(events, regions.small())).isEmpty();
    assertThat(events.of("PreallocChange"))
        .anySatisfy(change -> assertThat(change.getString("message")).contains("below 4 MB none"));
  }

  private record Regions(long walked, long jumped, long small) {}

  private static Regions use(RunningJvm jvm) throws Exception {
    try (JMXConnector connector = jvm.jmx()) {
      PreallocBean bean = PreallocBean.await(connector);
      assumeTrue(bean.faults("FaultsPerSample") > 0, "skipped: faults can't be sampled here");
      jvm.tell("walk " + 2 * MB + " " + 2 * MB);
      jvm.tell("jump " + 32 * MB);
      jvm.tell("walk " + 64 * MB + " " + 16 * MB);
      long walked = bean.regionOf(64 * MB);
      assertThat(bean.awaitChange("region " + walked)).contains("1 -> 512");
      return new Regions(walked, bean.regionOf(32 * MB), bean.regionOf(2 * MB));
    }
  }

  private static List<RecordedEvent> of(RecordedEvents events, long region) {
    return events.of("PreallocChange").stream()
        .filter(change -> change.getLong("regionId") == region)
        .toList();
  }

  private RunningJvm start(Jdk jdk, Path recording) throws Exception {
    ForkedJvm jvm =
        new ForkedJvm(jdk).agent("prealloc=auto,sample=10,stacks=leaf,record=" + recording);
    if (jdk.feature() >= 24) {
      jvm.jvm("--sun-misc-unsafe-memory-access=allow");
    }
    return RunningJvm.start(jvm, folder);
  }
}
