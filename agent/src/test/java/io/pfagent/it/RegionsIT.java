package io.pfagent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.pfagent.it.ForkedJvm.Result;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import jdk.jfr.consumer.RecordedEvent;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each region stands in the recording as the program and the kernel know it. */
class RegionsIT {

  private static final long MB = 1 << 20;

  @TempDir Path folder;

  static List<Jdk> jdks() {
    return Jdk.all();
  }

  static List<Jdk> jdksWithArenas() {
    List<Jdk> jdks = Jdk.withArenas();
    if (jdks.isEmpty()) {
      System.out.println("skipped: arenas need a JDK 22 or later, and none was found here");
    }
    return jdks;
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void buffersAndMappedFiles(Jdk jdk) throws Exception {
    Path recording = folder.resolve("regions.jfr");
    Path file = folder.resolve("mapped");
    ForkedJvm jvm = new ForkedJvm(jdk).agent("record=" + recording);
    if (jdk.feature() >= 24) {
      jvm.jvm("--sun-misc-unsafe-memory-access=allow");
    }
    Result result = jvm.run("io.pfagent.app.AllocateRegions", file.toString());

    assertThat(result.exit()).as(result.err()).isZero();
    assertThat(result.errLines()).singleElement().asString().startsWith("pfagent: ");
    RecordedEvents events = RecordedEvents.read(recording);
    List<Said> said = said(result, "direct-buffer");
    List<RecordedEvent> buffers =
        events.allocations("direct-buffer").stream()
            .filter(event -> event.getLong("size") == 64 * MB)
            .toList();
    assertThat(buffers).hasSize(3);
    for (int i = 0; i < 3; i++) {
      assertAllocation(buffers.get(i), said.get(i), "AllocateRegions.allocate");
      assertThat(buffers.get(i).getString("zeroing")).isEqualTo("jdk");
    }
    RecordedEvent mapped = events.allocations("mapped-file").get(0);
    assertThat(mapped.getLong("size")).isEqualTo(256 * MB);
    assertThat(mapped.getString("path")).isEqualTo(file.toString());
    assertThat(frames(mapped))
        .contains("AllocateRegions.map:" + said(result, "mapped-file").get(0).line());

    Map<Long, RecordedEvent> frees =
        events.of("RegionFree").stream()
            .collect(Collectors.toMap(event -> event.getLong("regionId"), event -> event));
    assertThat(frees).doesNotContainKey(buffers.get(0).getLong("regionId"));
    for (RecordedEvent freed : List.of(buffers.get(1), buffers.get(2), mapped)) {
      RecordedEvent free = frees.get(freed.getLong("regionId"));
      assertThat(free.getLong("size")).isEqualTo(freed.getLong("size"));
      assertThat(free.getLong("address")).isEqualTo(freed.getLong("address"));
      assertThat(free.getLong("minorFaults")).isEqualTo(freed.getLong("minorFaults"));
      assertThat(free.getDuration("lifetime").toNanos()).isPositive();
    }
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("jdksWithArenas")
  void arenas(Jdk jdk) throws Exception {
    Path recording = folder.resolve("arena.jfr");
    Path file = folder.resolve("mapped");
    Result result =
        new ForkedJvm(jdk)
            .agent("record=" + recording)
            .classPath(Java22Programs.compile(jdk, folder))
            .run("io.pfagent.app.AllocateArena", file.toString());

    assertThat(result.exit()).as(result.err()).isZero();
    RecordedEvents events = RecordedEvents.read(recording);
    List<RecordedEvent> arenas = events.allocations("arena");
    assertThat(arenas).hasSize(2);
    assertThat(arenas.get(0).getLong("size")).isEqualTo(128 * MB);
    assertThat(arenas.get(0).getLong("address")).isEqualTo(number(result, "address"));
    assertAllocation(arenas.get(0), said(result, "arena").get(0), "AllocateArena.main");
    assertThat(arenas.get(1).getLong("size")).isEqualTo(64 * MB);
    assertThat(arenas.get(1).getLong("address")).isEqualTo(number(result, "aligned"));
    RecordedEvent mapped = events.allocations("mapped-file").get(0);
    assertThat(mapped.getLong("address")).isEqualTo(number(result, "mapped"));
    assertThat(mapped.getLong("size")).isEqualTo(128 * MB);
    assertThat(events.of("RegionFree").stream().map(event -> event.getLong("regionId")))
        .contains(
            arenas.get(0).getLong("regionId"),
            arenas.get(1).getLong("regionId"),
            mapped.getLong("regionId"));
  }

  /** The faults within 2 % of the kernel's count, the program's frame under few of the agent's. */
  private static void assertAllocation(RecordedEvent event, Said said, String method) {
    assertThat(event.getLong("minorFaults")).isCloseTo(said.faults(), within(said.faults() / 50));
    assertThat(event.getDuration("faultTime").toNanos()).isPositive();
    List<String> frames = RecordedEvents.frames(event);
    assertThat(frames(event)).contains(method + ":" + said.line());
    long own =
        frames.stream()
            .takeWhile(
                frame ->
                    frame.startsWith("io.pfagent.event.") || frame.startsWith("java.lang.Pfagent"))
            .count();
    assertThat(own).as("the agent's own frames in %s", frames).isLessThanOrEqualTo(2);
  }

  private static List<String> frames(RecordedEvent event) {
    return RecordedEvents.frames(event).stream()
        .map(frame -> frame.replace("io.pfagent.app.", ""))
        .toList();
  }

  /** What the program printed: {@code kind faults line}. */
  private record Said(long faults, int line) {}

  private static List<Said> said(Result result, String kind) {
    return result
        .out()
        .lines()
        .map(line -> line.split(" "))
        .filter(words -> words[0].equals(kind) && words.length == 3)
        .map(words -> new Said(Long.parseLong(words[1]), Integer.parseInt(words[2])))
        .toList();
  }

  private static long number(Result result, String name) {
    return result
        .out()
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToLong(line -> Long.parseLong(line.substring(name.length() + 1)))
        .findFirst()
        .orElseThrow();
  }
}
