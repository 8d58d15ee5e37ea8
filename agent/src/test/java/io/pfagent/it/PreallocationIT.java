package io.pfagent.it;

import static java.util.Comparator.comparing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.pfagent.it.ForkedJvm.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
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
  private static final int CLIENTS = 8;

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
    try (RunningJvm jvm = start(jdk, "record=" + recording)) {
      changeAndBack(jvm);
      jvm.tellLast("exit 0");
      assertThat(jvm.awaitExit()).isZero();
    }

    RecordedEvents events = RecordedEvents.read(recording);
    assertThat(events.allocations("direct-buffer"))
        .filteredOn(event -> event.getLong("size") == 64 * MB)
        .extracting(event -> event.getLong("preallocPages"))
        .containsExactly(1L, 512L, 1L);
    // Two threads have answered, each with events of its own.
    assertThat(events.of("PreallocChange").stream().sorted(comparing(RecordedEvent::getStartTime)))
        .extracting(event -> event.getString("outcome"))
        .containsExactly("rounded", "undone");
  }

  private static void changeAndBack(RunningJvm jvm) throws Exception {
    try (JMXConnector connector = jvm.jmx()) {
      PreallocBean bean = PreallocBean.await(connector);
      jvm.tell("allocate " + 64 * MB);
      bean.set("PreallocPages", 300);
      assertThat(bean.nextChange()).contains("1 -> 512").contains("rounded");
      assertThat(bean.get("PreallocPages")).isEqualTo(512);
      assertThat(bean.get("BackendInUse")).isEqualTo("thp");
      assertThat(bean.get("LastChange").toString()).contains("rounded").contains("300");
      jvm.tell("allocate " + 64 * MB);
      bean.set("PreallocPages", 1);
      assertThat(bean.nextChange()).contains("512 -> 1").contains("undone");
      assertThat(bean.get("BackendInUse")).isEqualTo("none");
      jvm.tell("allocate " + 64 * MB);
    }
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void singleRegions(Jdk jdk) throws Exception {
    try (RunningJvm jvm = start(jdk, "zeroing=kernel");
        JMXConnector connector = jvm.jmx()) {
      PreallocBean bean = PreallocBean.await(connector);
      jvm.tell("allocate " + 64 * MB);
      long id = bean.regionOf(64 * MB);

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

      jvm.tell("free");
      assertThatThrownBy(() -> bean.call("setRegionPages", id, 512))
          .rootCause()
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("no live region has the number " + id);
    }
  }

  /** A shared mapping is read ahead or not; it is never populated for writing. */
  @ParameterizedTest
  @MethodSource("jdks")
  void mappedFiles(Jdk jdk) throws Exception {
    Path file = folder.resolve("mapped"); // on the disk at once, so that its pages are clean
    Files.write(
        file,
        new byte[8 * MB],
        StandardOpenOption.CREATE_NEW,
        StandardOpenOption.WRITE,
        StandardOpenOption.SYNC);
    try (RunningJvm jvm = start(jdk, "");
        JMXConnector connector = jvm.jmx()) {
      PreallocBean bean = PreallocBean.await(connector);
      jvm.tell("map " + file);
      long id = bean.regionOf(8 * MB);

      assertThat(flags(jvm, file)).doesNotContain("sr").doesNotContain("rr");
      bean.call("adviseRegion", id, "sequential");
      assertThat(flags(jvm, file)).contains("sr");
      bean.call("adviseRegion", id, "random");
      assertThat(flags(jvm, file)).contains("rr").doesNotContain("sr");
      bean.call("undo");
      assertThat(flags(jvm, file)).doesNotContain("sr").doesNotContain("rr");

      assertThat(bean.call("adviseRegion", id, "willneed").toString()).contains("applied");
      assertThat(bean.call("adviseRegion", id, "populate-read").toString()).contains("applied");
      assertThat(smaps(jvm, file)).anyMatch(line -> line.matches("Rss: +8192 kB"));
      assertThat(smaps(jvm, file)).anyMatch(line -> line.matches("Shared_Dirty: +0 kB"));
      assertThat(smaps(jvm, file)).anyMatch(line -> line.matches("Private_Dirty: +0 kB"));

      for (String advice : List.of("populate-write", "hugepage", "dontneed")) {
        assertThatThrownBy(() -> bean.call("adviseRegion", id, advice))
            .rootCause()
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("normal, populate-read, random, sequential, willneed");
      }
      assertThatThrownBy(() -> bean.call("setRegionPages", id, 512))
          .rootCause()
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("fault-around");
    }
  }

  /** The flags of the mapping, see proc_pid_smaps(5): sr and rr are the advices for files. */
  private static List<String> flags(RunningJvm jvm, Path file) throws Exception {
    return smaps(jvm, file).stream()
        .filter(line -> line.startsWith("VmFlags:"))
        .flatMap(line -> Stream.of(line.split(" +")))
        .toList();
  }

  private static List<String> smaps(RunningJvm jvm, Path file) throws Exception {
    List<String> lines = Files.readAllLines(Path.of("/proc/" + jvm.pid() + "/smaps"));
    int start = 0;
    while (!lines.get(start).endsWith(" " + file)) {
      start++;
    }
    int end = start;
    while (!lines.get(end).startsWith("VmFlags:")) {
      end++;
    }
    return lines.subList(start, end + 1);
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void wrongValuesAreAnsweredWithTheAllowedOnes(Jdk jdk) throws Exception {
    try (RunningJvm jvm = start(jdk, "");
        JMXConnector connector = jvm.jmx()) {
      PreallocBean bean = PreallocBean.await(connector);

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
      PreallocBean bean = PreallocBean.await(connector);

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
    ExecutorService clients = Executors.newFixedThreadPool(CLIENTS + 1);
    // The first to attach, alone: several at once make the JVM print its threads.
    try (RunningJvm jvm = start(jdk, "zeroing=kernel");
        JMXConnector connector = jvm.jmx()) {
      List<Callable<Void>> changes =
          IntStream.range(0, CLIENTS).mapToObj(client -> changes(jvm, client)).toList();
      Future<?> churn = clients.submit(() -> tell(jvm, "churn 60"));
      for (Future<Void> change : clients.invokeAll(changes)) {
        change.get();
      }
      churn.get();
      PreallocBean bean = PreallocBean.await(connector);
      bean.call("undo");
      assertThat(bean.get("PreallocPages")).isEqualTo(1);
      assertThat(bean.get("Zeroing")).isEqualTo("jdk");
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

  /** Each with a connection of its own. */
  private static Callable<Void> changes(RunningJvm jvm, int client) {
    return () -> {
      try (JMXConnector connector = jvm.jmx()) {
        PreallocBean bean = PreallocBean.await(connector);
        for (int i = 0; i < 15; i++) {
          bean.set("PreallocPages", (client + i) % 2 == 0 ? 512 : 1);
          bean.set("Zeroing", (client + i) % 3 == 0 ? "jdk" : "kernel");
        }
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
}
