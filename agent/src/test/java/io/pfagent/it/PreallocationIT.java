package io.pfagent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.pfagent.it.ForkedJvm.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.management.Attribute;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;
import javax.management.remote.JMXConnector;
import jdk.jfr.consumer.RecordedEvent;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Large pages where advised, as an ordinary user may have them: options, bean, events, undo. */
class PreallocationIT {

  private static final Path THP = Path.of("/sys/kernel/mm/transparent_hugepage");
  private static final int MB = 1 << 20;

  @TempDir Path folder;

  static List<Jdk> jdks() {
    return Jdk.all();
  }

  @BeforeEach
  void needsHugePages() throws Exception {
    assumeTrue(Files.exists(THP.resolve("enabled")), "skipped: this kernel has no huge pages");
    assumeTrue(
        Files.readString(THP.resolve("enabled")).contains("[madvise]"),
        "skipped: transparent_hugepage/enabled is not madvise");
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void faultsAreDividedFromTheStart(Jdk jdk) throws Exception {
    Path recording = folder.resolve("prealloc.jfr");
    try (RunningJvm jvm = start(jdk, "prealloc=512,record=" + recording)) {
      jvm.tell("allocate " + 64 * MB);
      jvm.tellLast("exit 0");
      assertThat(jvm.awaitExit()).isZero();
    }

    RecordedEvents events = RecordedEvents.read(recording);
    RecordedEvent buffer = largest(events);
    assertThat(buffer.getLong("preallocPages")).isEqualTo(512);
    assertThat(buffer.getLong("minorFaults")).isLessThan(64 * MB / 4096 / 10);
    assertThat(events.of("PreallocChange"))
        .first()
        .satisfies(change -> assertThat(change.getLong("newPages")).isEqualTo(512));
  }

  /** Numbers of the patched kernel belong to nobody here, or to somebody else tomorrow. */
  @ParameterizedTest
  @MethodSource("jdks")
  void noCallOfAPatchedKernelIsMadeOnAnother(Jdk jdk) throws Exception {
    assumeTrue(
        Files.notExists(Path.of("/proc/self/multi_page_alloc")),
        "skipped: this is the patched kernel");
    for (String options : List.of("prealloc=512", "backend=multi_page_alloc,prealloc=16")) {
      ForkedJvm.Result result =
          new ForkedJvm(jdk)
              .through(
                  DenyCalls.command(
                      folder, "kill", DenyCalls.HELLO_KERNEL, DenyCalls.MULTI_PAGE_ALLOC))
              .agent(options)
              .run("io.pfagent.app.AllocateBuffers", "2");

      assertThat(result.exit()).as(options + ": " + result.err()).isZero();
      assertThat(result.out()).isEqualTo("2\n");
    }
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void changedOverJmxAndBack(Jdk jdk) throws Exception {
    Path recording = folder.resolve("change.jfr");
    ConcurrentLinkedQueue<String> notified = new ConcurrentLinkedQueue<>();
    try (RunningJvm jvm = start(jdk, "record=" + recording)) {
      changeAndBack(jvm, notified);
      jvm.tellLast("exit 0");
      assertThat(jvm.awaitExit()).isZero();
    }

    RecordedEvents events = RecordedEvents.read(recording);
    assertThat(events.allocations("direct-buffer"))
        .filteredOn(event -> event.getLong("size") == 64 * MB)
        .extracting(event -> event.getLong("preallocPages"))
        .containsExactly(1L, 512L, 1L);
    assertThat(events.of("PreallocChange"))
        .extracting(event -> event.getString("outcome"))
        .containsExactly("rounded", "undone");
    assertThat(notified).hasSize(2);
  }

  private static void changeAndBack(RunningJvm jvm, ConcurrentLinkedQueue<String> notified)
      throws Exception {
    try (JMXConnector connector = jvm.jmx()) {
      Bean bean = Bean.await(connector);
      bean.server.addNotificationListener(
          bean.name, (one, unused) -> notified.add(one.getMessage()), null, null);
      jvm.tell("allocate " + 64 * MB);
      bean.set("PreallocPages", 300);
      assertThat(bean.get("PreallocPages")).isEqualTo(512);
      assertThat(bean.get("BackendInUse")).isEqualTo("thp");
      assertThat(bean.get("LastChange").toString()).contains("rounded").contains("300");
      jvm.tell("allocate " + 64 * MB);
      bean.set("PreallocPages", 1);
      assertThat(bean.get("BackendInUse")).isEqualTo("none");
      jvm.tell("allocate " + 64 * MB);
      bean.awaitNotifications(notified, 2);
    }
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void singleRegions(Jdk jdk) throws Exception {
    try (RunningJvm jvm = start(jdk, "zeroing=kernel");
        JMXConnector connector = jvm.jmx()) {
      Bean bean = Bean.await(connector);
      jvm.tell("allocate " + 64 * MB);
      long id = bean.largestRegion();

      assertThat(bean.call("setRegionPages", id, 512).toString()).contains("1 -> 512");
      assertThat(bean.call("adviseRegion", id, "nohugepage").toString()).contains("stay");
      assertThatThrownBy(() -> bean.call("adviseRegion", id, "sequential"))
          .rootCause()
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("hugepage, nohugepage, populate-read");
      assertThatThrownBy(() -> bean.call("setRegionPages", 999L, 512))
          .rootCause()
          .hasMessageContaining("no live region has the number 999");
      assertThat((String[]) bean.call("undo")).isNotEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void wrongValuesAreAnsweredWithTheAllowedOnes(Jdk jdk) throws Exception {
    try (RunningJvm jvm = start(jdk, "");
        JMXConnector connector = jvm.jmx()) {
      Bean bean = Bean.await(connector);

      assertThatThrownBy(() -> bean.set("PreallocPages", 0))
          .rootCause()
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("must be 1 to 512");
      assertThatThrownBy(() -> bean.set("PreallocPages", 513)).isNotNull();
      assertThatThrownBy(() -> bean.set("Backend", "magic"))
          .rootCause()
          .hasMessageContaining("auto, multi_page_alloc, thp, mthp, populate");
      assertThatThrownBy(() -> bean.set("Zeroing", "nobody"))
          .rootCause()
          .hasMessageContaining("jdk or kernel");
      assertThatThrownBy(() -> bean.set("Backend", "multi_page_alloc"))
          .rootCause()
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("/proc/self/multi_page_alloc");
      assertThat(bean.get("PreallocPages")).isEqualTo(1);
      assertThat(bean.get("Backend")).isEqualTo("auto");
    }
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void readOnlyBeansChangeNothing(Jdk jdk) throws Exception {
    try (RunningJvm jvm = start(jdk, "jmx=readonly");
        JMXConnector connector = jvm.jmx()) {
      Bean bean = Bean.await(connector);

      assertThatThrownBy(() -> bean.set("PreallocPages", 512))
          .rootCause()
          .hasMessageContaining("jmx=readonly");
      assertThatThrownBy(() -> bean.call("undo")).rootCause().hasMessageContaining("readonly");
    }
  }

  /** Eight clients change the setting while the application allocates, checks and frees. */
  @ParameterizedTest
  @MethodSource("jdks")
  void manyClientsAndChurn(Jdk jdk) throws Exception {
    ExecutorService clients = Executors.newFixedThreadPool(8);
    try (RunningJvm jvm = start(jdk, "zeroing=kernel");
        JMXConnector connector = jvm.jmx()) {
      Bean bean = Bean.await(connector);
      List<Callable<Void>> changes =
          IntStream.range(0, 8).mapToObj(client -> changes(bean, client)).toList();
      Future<?> churn = clients.submit(() -> tell(jvm, "churn 60"));
      for (Future<Void> change : clients.invokeAll(changes)) {
        change.get();
      }
      churn.get();
      bean.call("undo");
      assertThat(bean.get("PreallocPages")).isEqualTo(1);
      assertThat(jvm.err()).doesNotContain("internal failure");
    } finally {
      clients.shutdownNow();
    }
  }

  @Test
  void anOrdinaryUserNeedsNoPrivilege() throws Exception {
    OrdinaryUser.assume();
    OrdinaryUser.letIn(folder);
    Path recording = Files.createDirectory(folder.resolve("nobody")).resolve("nobody.jfr");
    Files.setAttribute(recording.getParent(), "unix:uid", 65534);
    Result result =
        new ForkedJvm(Jdk.all().get(0))
            .agent("prealloc=512,zeroing=kernel,record=" + recording)
            .through(OrdinaryUser.command())
            .run("io.pfagent.app.AllocateRegions", recording.resolveSibling("file").toString());

    assertThat(result.exit()).as(result.err()).isZero();
    RecordedEvent buffer = largest(RecordedEvents.read(recording));
    assertThat(buffer.getLong("preallocPages")).isEqualTo(512);
    assertThat(buffer.getString("zeroing")).isEqualTo("kernel");
  }

  /** Large arrays and stacks are not advised: their faults are those of a JVM without. */
  @ParameterizedTest
  @MethodSource("jdks")
  void theJavaHeapKeepsItsPages(Jdk jdk) throws Exception {
    long without = heapFaults(jdk, "prealloc=off");
    long with = heapFaults(jdk, "prealloc=512");

    assertThat(with).isGreaterThan(without * 9 / 10);
  }

  private long heapFaults(Jdk jdk, String options) throws Exception {
    try (RunningJvm jvm =
            RunningJvm.start(
                new ForkedJvm(jdk).agent(options).jvm("-Xms512m", "-XX:+UseSerialGC"), folder);
        JMXConnector connector = jvm.jmx()) {
      MBeanServerConnection server = connector.getMBeanServerConnection();
      Bean.await(connector);
      ObjectName faults = new ObjectName("io.pfagent:type=PageFaults");
      long before = (long) server.getAttribute(faults, "MinorFaults");
      jvm.tell("heap " + 128 * MB);
      return (long) server.getAttribute(faults, "MinorFaults") - before;
    }
  }

  private static Callable<Void> changes(Bean bean, int client) {
    return () -> {
      for (int i = 0; i < 15; i++) {
        bean.set("PreallocPages", (client + i) % 2 == 0 ? 512 : 1);
        bean.set("Zeroing", (client + i) % 3 == 0 ? "jdk" : "kernel");
      }
      return null;
    };
  }

  private static Void tell(RunningJvm jvm, String command) throws Exception {
    jvm.tell(command);
    return null;
  }

  private RunningJvm start(Jdk jdk, String options) throws Exception {
    ForkedJvm jvm = new ForkedJvm(jdk).agent(options);
    if (jdk.feature() >= 24) {
      jvm.jvm("--sun-misc-unsafe-memory-access=allow");
    }
    return RunningJvm.start(jvm, folder);
  }

  private static RecordedEvent largest(RecordedEvents events) {
    return events.allocations("direct-buffer").stream()
        .filter(event -> event.getLong("size") == 64 * MB)
        .findFirst()
        .orElseThrow();
  }

  /** The bean of another JVM. */
  private record Bean(MBeanServerConnection server, ObjectName name) {

    static Bean await(JMXConnector connector) throws Exception {
      MBeanServerConnection server = connector.getMBeanServerConnection();
      ObjectName name = new ObjectName("io.pfagent:type=Preallocation");
      for (int i = 0; i < 200 && !server.isRegistered(name); i++) {
        Thread.sleep(50); // the beans come in a thread beside the application's start
      }
      return new Bean(server, name);
    }

    Object get(String attribute) throws Exception {
      return server.getAttribute(name, attribute);
    }

    void set(String attribute, Object value) throws Exception {
      server.setAttribute(name, new Attribute(attribute, value));
    }

    Object call(String operation, Object... arguments) throws Exception {
      String[] types =
          Arrays.stream(arguments)
              .map(
                  one ->
                      one instanceof Long
                          ? "long"
                          : one instanceof Integer ? "int" : String.class.getName())
              .toArray(String[]::new);
      return server.invoke(name, operation, arguments, types);
    }

    long largestRegion() throws Exception {
      CompositeData[] regions =
          (CompositeData[])
              server.invoke(
                  new ObjectName("io.pfagent:type=Regions"),
                  "topRegions",
                  new Object[] {1000},
                  new String[] {"int"});
      Set<Long> largest =
          Arrays.stream(regions)
              .filter(region -> (long) region.get("sizeBytes") == 64 * MB)
              .map(region -> (Long) region.get("regionId"))
              .collect(Collectors.toSet());
      assertThat(largest).hasSize(1);
      return largest.iterator().next();
    }

    void awaitNotifications(ConcurrentLinkedQueue<String> received, int wanted) throws Exception {
      for (int i = 0; i < 200 && received.size() < wanted; i++) {
        Thread.sleep(50); // a remote client asks for them, in a thread of its own
      }
    }
  }
}
