package io.pfagent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.List;
import javax.management.remote.JMXConnector;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code backend=populate}: a helper is ahead of who walks through memory in order. */
class PopulateIT {

  private static final long MB = 1 << 20;
  private static final long SIZE = 256 * MB;
  private static final long PAGES = SIZE / 4096;

  @TempDir Path folder;

  static List<Jdk> jdks() {
    return Jdk.all();
  }

  /** By faults raised in user mode: the kernel counts each populated page as a minor fault. */
  @ParameterizedTest
  @MethodSource("jdks")
  void whoWalksFaultsLess(Jdk jdk) throws Exception {
    try (RunningJvm jvm = start(jdk);
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
    try (RunningJvm jvm = start(jdk);
        JMXConnector connector = jvm.jmx()) {
      PreallocBean bean = PreallocBean.await(connector);
      assumeSampled(bean);
      bean.set("Backend", "populate");
      bean.set("PreallocPages", 512);
      assertThat((long) bean.get("UnusedBytes")).isZero();
      jvm.tell("walk " + SIZE + " " + 3 * SIZE / 4);
      assertThat((long) bean.get("UnusedBytes")).isBetween(4096L, 16 * MB);
    }
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

  private RunningJvm start(Jdk jdk) throws Exception {
    ForkedJvm jvm = new ForkedJvm(jdk).agent("sample=10,stacks=leaf");
    if (jdk.feature() >= 24) {
      jvm.jvm("--sun-misc-unsafe-memory-access=allow");
    }
    return RunningJvm.start(jvm, folder);
  }
}
