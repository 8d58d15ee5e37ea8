package io.pfagent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pfagent.it.ForkedJvm.Result;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.management.MBeanOperationInfo;
import javax.management.MBeanServerConnection;
import javax.management.MBeanServerDelegate;
import javax.management.MBeanServerNotification;
import javax.management.NotificationListener;
import javax.management.ObjectName;
import javax.management.relation.MBeanServerNotificationFilter;
import javax.management.remote.JMXConnector;
import jdk.jfr.consumer.RecordedEvent;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Start at once or later, a second start, the end in every order, and the removal. */
class LifecycleIT {

  private static final String MB_3 = "allocate 3145728";

  @TempDir Path folder;

  static List<Jdk> jdks() {
    return Jdk.all();
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void attachRecordUninstallAndAttachAgain(Jdk jdk) throws Exception {
    Path recording = folder.resolve("attached.jfr");
    try (RunningJvm jvm = RunningJvm.start(new ForkedJvm(jdk), folder)) {
      assertThat(attach(jdk, jvm, "min-sise=1m"))
          .satisfies(result -> assertThat(result.exit()).isEqualTo(1))
          .satisfies(result -> assertThat(result.err()).contains("did you mean 'min-size'?"));
      assertThat(jvm.wovenClasses(folder)).isEmpty();

      assertThat(attach(jdk, jvm, "min-size=1m"))
          .satisfies(result -> assertThat(result.exit()).as(result.err()).isZero())
          .satisfies(result -> assertThat(result.out()).contains("hooks"));
      assertThat(attach(jdk, jvm, "min-size=2m"))
          .satisfies(result -> assertThat(result.exit()).isEqualTo(1))
          .satisfies(result -> assertThat(result.err()).contains("already at work"));
      assertThat(jvm.wovenClasses(folder)).contains("jdk/internal/misc/Unsafe");

      try (JMXConnector connector = jvm.jmx()) {
        MBeanServerConnection server = connector.getMBeanServerConnection();
        ObjectName agent = awaitBean(server, "io.pfagent:type=Agent");
        assertThat((String) server.getAttribute(agent, "Options")).contains("min-size=1048576");
        server.invoke(
            agent,
            "startRecording",
            new Object[] {recording.toString()},
            new String[] {String.class.getName()});
        jvm.tell(MB_3);
        ObjectName regions = new ObjectName("io.pfagent:type=Regions");
        assertThat((long) server.getAttribute(regions, "TrackedBytes")).isEqualTo(3 << 20);
        assertThat((long) server.getAttribute(regions, "ResidentBytes")).isGreaterThan(3 << 19);
        server.invoke(agent, "stopRecording", new Object[0], new String[0]);
        server.invoke(agent, "uninstall", new Object[0], new String[0]);
        assertThat(server.queryNames(new ObjectName("io.pfagent:*"), null)).isEmpty();
        assertThat(threadNames(server))
            .noneMatch(name -> name.startsWith("pfagent"))
            .doesNotContain("JNA Cleaner");
      }
      assertThat(jvm.wovenClasses(folder)).isEmpty();
      jvm.tell(MB_3);
      assertThat(attach(jdk, jvm, "").exit()).isZero();
      assertThat(jvm.wovenClasses(folder)).contains("jdk/internal/misc/Unsafe");
      jvm.tellLast("exit 0");
      assertThat(jvm.awaitExit()).isZero();
    }
    assertThat(RecordedEvents.read(recording).allocations("direct-buffer"))
        .singleElement()
        .satisfies(event -> assertThat(event.getLong("size")).isEqualTo(3 << 20));
  }

  @ParameterizedTest
  @ValueSource(strings = {"System.exit", "SIGTERM"})
  void recordingIsWrittenHoweverTheJvmEnds(String end) throws Exception {
    for (Jdk jdk : Jdk.all()) {
      Path recording = folder.resolve(end + jdk.feature() + ".jfr");
      try (RunningJvm jvm =
          RunningJvm.start(new ForkedJvm(jdk).agent("record=" + recording), folder)) {
        jvm.tell(MB_3);
        if (end.equals("SIGTERM")) {
          jvm.process().toHandle().destroy();
          assertThat(jvm.awaitExit()).isEqualTo(128 + 15);
        } else {
          jvm.tellLast("exit 7");
          assertThat(jvm.awaitExit()).isEqualTo(7);
        }
      }
      RecordedEvents events = RecordedEvents.read(recording);
      assertThat(events.allocations("direct-buffer")).as("%s by %s", jdk, end).hasSize(1);
      for (String type :
          List.of(
              "RegionStatistics",
              "ThreadFaults",
              "ProcessFaults",
              "KernelSettings",
              "Capability",
              "CostCalibration")) {
        assertThat(events.of(type)).as("%s on %s by %s", type, jdk, end).isNotEmpty();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void figuresOfTheBeginningAreRecordedAndRemovalWaitsForThem(Jdk jdk) throws Exception {
    Path recording = folder.resolve("app.jfr");
    try (RunningJvm jvm =
        RunningJvm.start(new ForkedJvm(jdk).agent("interval=86400s,record=" + recording), folder)) {
      try (JMXConnector connector = jvm.jmx()) {
        MBeanServerConnection server = connector.getMBeanServerConnection();
        ObjectName agent = awaitBean(server, "io.pfagent:type=Agent");
        server.invoke(agent, "uninstall", new Object[0], new String[0]);
        assertThat(threadNames(server)).noneMatch(name -> name.startsWith("pfagent"));
      }
      jvm.tellLast("exit 0");
      assertThat(jvm.awaitExit()).isZero();
    }
    RecordedEvents events = RecordedEvents.read(recording);
    for (String type : List.of("ThreadFaults", "ProcessFaults", "MemoryKind")) {
      // At the beginning and at the end; nothing else, with such a period.
      assertThat(events.of(type)).as("%s on %s", type, jdk).hasSizeGreaterThan(1);
    }
    assertThat(events.of("ProcessFaults")).hasSize(2);
  }

  /** The JVM trusts the JDK's classes, unless it is told not to. */
  @ParameterizedTest
  @MethodSource("jdks")
  void wovenClassesOfTheJdkAreVerified(Jdk jdk) throws Exception {
    Path recording = folder.resolve("app.jfr");
    Result result =
        new ForkedJvm(jdk)
            .agent("record=" + recording)
            .jvm("-XX:+UnlockDiagnosticVMOptions", "-XX:+BytecodeVerificationLocal")
            .run("io.pfagent.app.AllocateBuffers", "1");

    assertThat(result.exit()).as(result.err()).isZero();
    RecordedEvents events = RecordedEvents.read(recording);
    assertThat(events.allocations("direct-buffer")).hasSize(1);
    assertThat(events.of("Capability"))
        .noneMatch(event -> event.getString("reason").contains("could not be"));
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void aSecondStartSaysSoAndChangesNothing(Jdk jdk) throws Exception {
    Result result =
        new ForkedJvm(jdk).agent("min-size=1m").agent("min-size=2m").run("io.pfagent.app.Nothing");

    assertThat(result.exit()).isZero();
    assertThat(result.errLines()).hasSize(2);
    assertThat(result.errLines().get(0)).contains("1048576");
    assertThat(result.errLines().get(1)).contains("already at work");
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void readOnlyBeansRefuseChangesAndDescribeThemselves(Jdk jdk) throws Exception {
    try (RunningJvm jvm = RunningJvm.start(new ForkedJvm(jdk).agent("jmx=readonly"), folder);
        JMXConnector connector = jvm.jmx()) {
      MBeanServerConnection server = connector.getMBeanServerConnection();
      ObjectName agent = awaitBean(server, "io.pfagent:type=Agent");

      assertThatThrownBy(() -> server.invoke(agent, "uninstall", new Object[0], new String[0]))
          .hasRootCauseInstanceOf(IllegalStateException.class)
          .hasRootCauseMessage("the agent was started with jmx=readonly");
      for (ObjectName name : server.queryNames(new ObjectName("io.pfagent:*"), null)) {
        var info = server.getMBeanInfo(name);
        assertThat(info.getDescription()).doesNotContain("Information on the management");
        assertThat(info.getAttributes())
            .allSatisfy(
                attribute ->
                    assertThat(attribute.getDescription()).isNotEqualTo(attribute.getName()));
        for (MBeanOperationInfo operation : info.getOperations()) {
          assertThat(operation.getDescription()).isNotEqualTo(operation.getName());
          assertThat(operation.getSignature())
              .allSatisfy(parameter -> assertThat(parameter.getName()).doesNotMatch("p\\d"));
        }
      }
      ObjectName regions = new ObjectName("io.pfagent:type=Regions");
      assertThatThrownBy(
              () -> server.invoke(regions, "topRegions", new Object[] {0}, new String[] {"int"}))
          .hasRootCauseInstanceOf(IllegalArgumentException.class);
      jvm.tell(MB_3);
      assertThat(
              (Object[])
                  server.invoke(regions, "topRegions", new Object[] {5}, new String[] {"int"}))
          .hasSize(1);
    }
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void touchMeasuresTheNamedMethodsFaults(Jdk jdk) throws Exception {
    Path recording = folder.resolve("touch.jfr");
    try (RunningJvm jvm =
        RunningJvm.start(
            new ForkedJvm(jdk)
                .jvm("-XX:+UseSerialGC", "-Xmn16m")
                .agent("record=" + recording + ",touch=io.pfagent.app.Obedient::ob*;no.Such::one"),
            folder)) {
      jvm.tell("heap 33554432");
      jvm.tell(MB_3);
      jvm.tellLast("exit 0");
      assertThat(jvm.awaitExit()).isZero();
    }
    RecordedEvents events = RecordedEvents.read(recording);
    List<RecordedEvent> touches = events.of("RegionTouch");
    assertThat(touches)
        .allSatisfy(
            touch -> {
              assertThat(touch.getString("method")).isEqualTo("io.pfagent.app.Obedient.obey");
              assertThat(touch.getString("operation")).isEqualTo("method");
            });
    // Fresh heap, zeroed by the thread that allocates: 8192 pages.
    assertThat(touches.get(0).getLong("minorFaults")).isBetween(8_000L, 9_000L);
    // The allocation inside the second call has claimed its own faults.
    assertThat(events.allocations("direct-buffer").get(0).getLong("minorFaults"))
        .isGreaterThan(700);
    touches.stream()
        .skip(1)
        .forEach(touch -> assertThat(touch.getLong("minorFaults")).isLessThan(500));
    assertThat(events.of("Capability"))
        .anySatisfy(
            capability -> {
              assertThat(capability.getString("name")).isEqualTo("touch=no.Such::one");
              assertThat(capability.getBoolean("available")).isFalse();
              assertThat(capability.getString("reason")).contains("not been loaded");
            });
  }

  private static Result attach(Jdk jdk, RunningJvm jvm, String options) throws Exception {
    return new ForkedJvm(jdk)
        .noClassPath()
        .jvm("-jar", ForkedJvm.AGENT_JAR.toString())
        .run("attach", Long.toString(jvm.pid()), options);
  }

  private static List<String> threadNames(MBeanServerConnection server) throws Exception {
    ThreadMXBean threads =
        ManagementFactory.newPlatformMXBeanProxy(
            server, ManagementFactory.THREAD_MXBEAN_NAME, ThreadMXBean.class);
    return Arrays.stream(threads.dumpAllThreads(false, false))
        .map(ThreadInfo::getThreadName)
        .toList();
  }

  /** The agent registers its beans beside the application's start. */
  private static ObjectName awaitBean(MBeanServerConnection server, String name) throws Exception {
    ObjectName bean = new ObjectName(name);
    CountDownLatch registered = new CountDownLatch(1);
    NotificationListener listener = (notification, handback) -> registered.countDown();
    MBeanServerNotificationFilter ofBean = new MBeanServerNotificationFilter();
    ofBean.enableType(MBeanServerNotification.REGISTRATION_NOTIFICATION);
    ofBean.enableObjectName(bean);
    server.addNotificationListener(MBeanServerDelegate.DELEGATE_NAME, listener, ofBean, null);
    try {
      assertThat(server.isRegistered(bean) || registered.await(20, TimeUnit.SECONDS))
          .as("%s is registered", name)
          .isTrue();
    } finally {
      server.removeNotificationListener(MBeanServerDelegate.DELEGATE_NAME, listener);
    }
    return bean;
  }
}
