package io.pfagent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.pfagent.it.ForkedJvm.Result;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedThread;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Deep stacks of a program that nobody wrote for the agent: a servlet in Tomcat, behind filters.
 */
class StacksIT {

  private static final Path DEMOS = ForkedJvm.ROOT.resolve("demo-apps/target");
  private static final String SERVLET = "io.pfagent.demo.FillServlet.doGet";
  private static final int FILTERS = 20;

  /** Tomcat's own frames and three of each filter: the chain's, a lambda and what is in it. */
  private static final int DEEP = 70;

  @TempDir Path folder;

  static List<Jdk> jdks() {
    return Jdk.all();
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void requestsOfAServerHaveWholeStacks(Jdk jdk) throws Exception {
    RecordedEvents events = tomcat(jdk, "");

    assumeTrue(hasStacks(events), "skipped: no whole stacks here, see pfagent.Capability");
    List<RecordedEvent> requests =
        events.of("PageFault").stream()
            .filter(StacksIT::isInServlet)
            .filter(fault -> fault.getString("stackState").equals("complete"))
            .toList();
    assertThat(requests).hasSizeGreaterThan(100);
    assertThat(requests)
        .allSatisfy(
            fault -> {
              assertThat(fault.getThread().getJavaName()).matches("http-nio-.*-exec-\\d+");
              assertThat(RecordedEvents.frames(fault)).hasSizeGreaterThanOrEqualTo(DEEP);
              assertThat(filtersIn(fault)).isEqualTo(FILTERS);
            });
    assertMostlyComplete(events);
    Accounts.assertComplete(events);
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void eachFaultOfAServerIsInASample(Jdk jdk) throws Exception {
    RecordedEvents events = tomcat(jdk, ",sample=1,stacks=leaf");

    Accounts.assertComplete(events);
    Accounts.assertEachInASample(events);
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void eachFaultOfShortLivedThreadsIsInASample(Jdk jdk) throws Exception {
    Path recording = folder.resolve("short.jfr");
    Result result =
        new ForkedJvm(jdk)
            .agent("record=" + recording + ",sample=1,stacks=leaf")
            .run("io.pfagent.app.ShortLivedThreads");

    assertThat(result.exit()).as(result.err()).isZero();
    RecordedEvents events = RecordedEvents.read(recording);
    Accounts.assertComplete(events);
    Accounts.assertEachInASample(events);
    assertThat(
            events.of("PageFault").stream()
                .map(fault -> name(fault.getThread()))
                .filter(name -> name.startsWith("short-"))
                .distinct())
        .hasSize(200);
    Map<Long, String> allocatedBy =
        events.allocations("direct-buffer").stream()
            .collect(
                Collectors.toMap(
                    event -> event.getLong("regionId"), event -> name(event.getThread())));
    assertThat(events.of("PageFault"))
        .filteredOn(fault -> fault.getString("kind").equals("direct-buffer"))
        .hasSizeGreaterThan(10_000)
        .allSatisfy(
            fault ->
                assertThat(name(fault.getThread()))
                    .isEqualTo(allocatedBy.get(fault.getLong("regionId"))));
  }

  private RecordedEvents tomcat(Jdk jdk, String options) throws Exception {
    Path recording = folder.resolve("tomcat.jfr");
    Result result =
        new ForkedJvm(jdk)
            .noClassPath()
            .classPath(DEMOS.resolve("classes"), DEMOS.resolve("lib/*"))
            .agent("record=" + recording + options)
            .run("io.pfagent.demo.TomcatRequests", "2", "700", String.valueOf(FILTERS), "256k");
    assertThat(result.exit()).as(result.err()).isZero();
    return RecordedEvents.read(recording);
  }

  /** Of the threads that run Java; compilers and collectors have nothing to complete. */
  private static void assertMostlyComplete(RecordedEvents events) {
    List<RecordedEvent> faults = events.of("PageFault");
    Set<String> javaThreads =
        faults.stream()
            .filter(StacksIT::hasJava)
            .map(fault -> name(fault.getThread()))
            .collect(Collectors.toSet());
    List<String> states =
        faults.stream()
            .filter(fault -> javaThreads.contains(name(fault.getThread())))
            .map(fault -> fault.getString("stackState"))
            .toList();
    long complete = states.stream().filter("complete"::equals).count();
    assertThat(complete)
        .as(() -> "complete ones among " + states.size() + ": " + Set.copyOf(states))
        .isGreaterThanOrEqualTo((long) Math.ceil(states.size() * 0.98));
  }

  private static boolean hasStacks(RecordedEvents events) {
    return events.of("Capability").stream()
        .anyMatch(
            event -> event.getString("name").equals("stacks") && event.getBoolean("available"));
  }

  private static boolean isInServlet(RecordedEvent fault) {
    return hasJava(fault)
        && RecordedEvents.frames(fault).stream().anyMatch(frame -> frame.startsWith(SERVLET));
  }

  private static boolean hasJava(RecordedEvent fault) {
    return fault.getStackTrace() != null
        && fault.getStackTrace().getFrames().stream()
            .anyMatch(frame -> !frame.getType().equals("Native"));
  }

  private static long filtersIn(RecordedEvent fault) {
    return RecordedEvents.frames(fault).stream()
        .filter(frame -> frame.startsWith("io.pfagent.demo.TomcatRequests.lambda$addFilter$"))
        .count();
  }

  private static String name(RecordedThread thread) {
    return thread.getJavaName() == null ? thread.getOSName() : thread.getJavaName();
  }
}
