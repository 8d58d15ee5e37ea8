package io.pfagent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.jna.Native;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.remote.JMXConnector;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * {@code prealloc=auto}: what a page costs that is touched first, before a step and after it,
 * decides whether the step is kept, here and for the next region that the same code allocates.
 */
class AutoStepIT {

  private static final long MB = 1 << 20;
  private static final long SIZE = 256 * MB;
  private static final long BEFORE = 16 * MB;
  private static final long AFTER = 48 * MB;
  private static final long PAGE = 4096;
  private static final long HUGE_PAGE = 2 * MB;

  private static final Pattern INSTEAD =
      Pattern.compile("a touched page cost ([0-9.]+) us instead of ([0-9.]+) us");

  private static final Pattern NONE_GIVEN =
      Pattern.compile(
          "the kernel took the advice and gave no large pages: a touched page cost ([0-9.]+) us,"
              + " and ([0-9.]+) us before");

  @TempDir Path folder;

  static List<Jdk> jdks() {
    return Jdk.all();
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void aStepThatGainsIsKeptAndGivenToTheNextRegionAtOnce(Jdk jdk) throws Exception {
    Path recording = folder.resolve("kept.jfr");
    try (RunningJvm jvm = start(jdk, "prealloc=auto,record=" + recording)) {
      keepAndTeach(jvm);
      jvm.tellLast("exit 0");
      assertThat(jvm.awaitExit()).isZero();
    }

    // At once: when the allocation ended.
    assertThat(RecordedEvents.read(recording).allocations("unsafe"))
        .extracting(event -> event.getLong("preallocPages"))
        .containsExactly(1L, 512L);
  }

  private static void keepAndTeach(RunningJvm jvm) throws Exception {
    try (JMXConnector connector = jvm.jmx()) {
      PreallocBean bean = awaitBean(connector);
      long first = beginStep(jvm, bean, SIZE);

      jvm.tell("onward " + AFTER + " " + PAGE);

      String kept = bean.awaitChange("region " + first);
      assertThat(kept).contains("512 -> 512").contains("kept");
      Matcher costs = figures(INSTEAD, kept);
      assertThat(cost(costs, 1)).isLessThan(0.95 * cost(costs, 2));
      jvm.tell("walk " + 2 * SIZE + " " + PAGE);
      String next = bean.awaitChange("region " + bean.regionOf(2 * SIZE));
      assertThat(next).contains("1 -> 512", "applied: as it was kept for its like", "us instead");
    }
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void whereTheKernelGivesNoLargePagesTheStepIsTakenBack(Jdk jdk) throws Exception {
    try (RunningJvm jvm = start(jdk, "prealloc=auto");
        JMXConnector connector = jvm.jmx()) {
      PreallocBean bean = awaitBean(connector);
      long first = beginStep(jvm, bean, SIZE);

      jvm.tell("no-huge-pages");
      jvm.tell("onward " + AFTER + " " + PAGE);

      String undone = bean.awaitChange("region " + first);
      assertThat(undone).contains("512 -> 1").contains("undone");
      Matcher costs = figures(NONE_GIVEN, undone);
      assertThat(cost(costs, 1)).isPositive().isEqualTo(cost(costs, 2));
      jvm.tell("walk " + 2 * SIZE + " " + BEFORE);
      String next = bean.awaitChange("region " + bean.regionOf(2 * SIZE));
      assertThat(next).contains("1 -> 1", "kept:", "it was taken back for its like");
    }
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void whereMostOfWhatIsGivenIsNotUsedTheStepIsTakenBack(Jdk jdk) throws Exception {
    try (RunningJvm jvm = start(jdk, "prealloc=auto");
        JMXConnector connector = jvm.jmx()) {
      PreallocBean bean = awaitBean(connector);
      long first = beginStep(jvm, bean, SIZE);

      jvm.tell("onward " + AFTER + " " + HUGE_PAGE);

      String undone = bean.awaitChange("region " + first);
      assertThat(undone).contains("512 -> 1", "undone", "kB handed out are unused");
      Matcher costs = figures(INSTEAD, undone);
      assertThat(cost(costs, 1)).isGreaterThan(cost(costs, 2));
    }
  }

  /** Who goes no further gets no verdict; the step stays for who does. */
  @ParameterizedTest
  @MethodSource("jdks")
  void whereNothingMoreIsTouchedNothingIsSaid(Jdk jdk) throws Exception {
    try (RunningJvm jvm = start(jdk, "prealloc=auto");
        JMXConnector connector = jvm.jmx()) {
      PreallocBean bean = awaitBean(connector);
      beginStep(jvm, bean, SIZE);

      long second = beginStep(jvm, bean, 2 * SIZE);
      jvm.tell("onward " + AFTER + " " + PAGE);

      assertThat(bean.nextChange()).contains("region " + second).contains("512 -> 512");
    }
  }

  /** Zeros that were written are in use: the operation has touched all of it. */
  @ParameterizedTest
  @MethodSource("jdks")
  void whatOneOperationSetsIsJudgedToo(Jdk jdk) throws Exception {
    try (RunningJvm jvm = start(jdk, "prealloc=auto");
        JMXConnector connector = jvm.jmx()) {
      PreallocBean bean = awaitBean(connector);

      jvm.tell("set " + SIZE + " 0");

      String region = "region " + bean.regionOf(SIZE);
      assertThat(bean.awaitChange(region)).contains("1 -> 512", SIZE + " bytes of it are about");
      String kept = bean.awaitChange(region);
      assertThat(kept).contains("512 -> 512", "kept");
      Matcher costs = figures(INSTEAD, kept);
      assertThat(cost(costs, 1)).isLessThan(0.95 * cost(costs, 2));
    }
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void whereAllIsTouchedAlreadyNothingIsAdvised(Jdk jdk) throws Exception {
    try (RunningJvm jvm = start(jdk, "prealloc=off");
        JMXConnector connector = jvm.jmx()) {
      PreallocBean bean = awaitBean(connector);
      jvm.tell("walk " + BEFORE + " " + BEFORE);

      bean.set("Automatic", true);

      assertThat(bean.awaitChange("region " + bean.regionOf(BEFORE)))
          .contains("1 -> 1", "kept:", "nothing of it is left to be touched first");
    }
  }

  /** Walks so far that samples decide; gives the region's number. */
  private static long beginStep(RunningJvm jvm, PreallocBean bean, long size) throws Exception {
    jvm.tell("walk " + size + " " + BEFORE);
    long region = bean.regionOf(size);
    assertThat(bean.awaitChange("region " + region)).contains("1 -> 512").contains("in order");
    return region;
  }

  private static Matcher figures(Pattern pattern, String change) {
    Matcher matcher = pattern.matcher(change);
    assertThat(matcher.find()).as(change).isTrue();
    return matcher;
  }

  private static double cost(Matcher figures, int group) {
    return Double.parseDouble(figures.group(group));
  }

  private static PreallocBean awaitBean(JMXConnector connector) throws Exception {
    PreallocBean bean = PreallocBean.await(connector);
    assumeTrue(bean.faults("FaultsPerSample") > 0, "skipped: faults can't be sampled here");
    return bean;
  }

  /** One fault in 100 is a sample: after a step, hardly any fault is. */
  private RunningJvm start(Jdk jdk, String options) throws Exception {
    assumeTrue(HugePageSize.isMadvise(), "skipped: transparent_hugepage/enabled is not madvise");
    Path jna = Path.of(Native.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    ForkedJvm jvm = new ForkedJvm(jdk).agent("sample=100,stacks=leaf," + options).classPath(jna);
    if (jdk.feature() >= 24) {
      jvm.jvm("--sun-misc-unsafe-memory-access=allow", "--enable-native-access=ALL-UNNAMED");
    }
    return RunningJvm.start(jvm, folder);
  }
}
