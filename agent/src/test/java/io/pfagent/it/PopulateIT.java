package io.pfagent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.management.remote.JMXConnector;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code backend=populate}: a helper is ahead of who walks through memory in order. */
class PopulateIT {

  private static final long MB = 1 << 20;
  private static final long SIZE = 256 * MB;
  private static final long PAGES = SIZE / 4096;

  /** 16 windows of 512 pages. */
  private static final long MOST_AHEAD = 16 * 2 * MB;

  /** On a busy machine the helper may come too late for a whole walk. */
  private static final int MOST_WALKS = 5;

  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);

  @TempDir Path folder;

  static List<Jdk> jdks() {
    return Jdk.all();
  }

  /** By faults raised in user mode: the kernel counts each populated page as a minor fault. */
  @ParameterizedTest
  @MethodSource("jdks")
  void whoWalksFaultsLess(Jdk jdk) throws Exception {
    try (RunningJvm jvm = start(jdk, "");
        JMXConnector connector = jvm.jmx()) {
      PreallocBean bean = PreallocBean.await(connector);
      assumeSampled(bean);
      assertThat(userFaultsOf(jvm, bean, "walk " + SIZE + " " + SIZE)).isGreaterThan(PAGES);
      bean.set("Backend", "populate");
      bean.set("PreallocPages", 512);
      assertThat(userFaultsOf(jvm, bean, "walk " + SIZE + " " + SIZE)).isLessThan(PAGES * 3 / 4);
    }
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void whatNobodyTouchesIsReported(Jdk jdk) throws Exception {
    Path recording = folder.resolve("waste.jfr");
    try (RunningJvm jvm = start(jdk, ",record=" + recording)) {
      walkAPart(jvm);
      jvm.tellLast("exit 0");
      assertThat(jvm.awaitExit()).isZero();
    }

    assertThat(RecordedEvents.read(recording).of("ProcessFaults"))
        .anySatisfy(event -> assertThat(event.getLong("unusedBytes")).isPositive());
  }

  private static void walkAPart(RunningJvm jvm) throws Exception {
    try (JMXConnector connector = jvm.jmx()) {
      PreallocBean bean = PreallocBean.await(connector);
      assumeSampled(bean);
      bean.set("Backend", "populate");
      bean.set("PreallocPages", 512);
      assertThat((long) bean.get("UnusedBytes")).isZero();
      long unused = 0;
      for (int walk = 0; walk < MOST_WALKS && unused == 0; walk++) {
        jvm.tell("walk " + SIZE + " " + 3 * SIZE / 4);
        unused = awaitUnused(bean);
      }
      assertThat(unused).isBetween(4096L, 2 * MOST_AHEAD);
      bean.set("PreallocPages", 1);
      assertThat((long) bean.get("UnusedBytes")).isPositive();
    }
  }

  /** What the last faults bring about is done a moment after them; nobody tells when. */
  private static long awaitUnused(PreallocBean bean) throws Exception {
    long begin = System.nanoTime();
    long unused;
    do {
      unused = (long) bean.get("UnusedBytes");
    } while (unused == 0 && System.nanoTime() - begin < PATIENCE_NANOS);
    return unused;
  }

  private static void assumeSampled(PreallocBean bean) throws Exception {
    assumeTrue(bean.faults("FaultsPerSample") > 0, "skipped: faults can't be sampled here");
  }

  private static long userFaultsOf(RunningJvm jvm, PreallocBean bean, String command)
      throws Exception {
    long before = bean.faults("UserFaults");
    jvm.tell(command);
    return bean.faults("UserFaults") - before;
  }

  private RunningJvm start(Jdk jdk, String more) throws Exception {
    ForkedJvm jvm = new ForkedJvm(jdk).agent("sample=10,stacks=leaf" + more);
    if (jdk.feature() >= 24) {
      jvm.jvm("--sun-misc-unsafe-memory-access=allow");
    }
    return RunningJvm.start(jvm, folder);
  }
}
