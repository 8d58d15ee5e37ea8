package io.pfagent.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.openjdk.jmc.common.IMCStackTrace;
import org.openjdk.jmc.common.IMCThread;
import org.openjdk.jmc.common.item.IItem;
import org.openjdk.jmc.common.item.IItemCollection;
import org.openjdk.jmc.common.item.IItemIterable;
import org.openjdk.jmc.common.item.ItemFilters;
import org.openjdk.jmc.common.unit.IQuantity;
import org.openjdk.jmc.common.unit.UnitLookup;
import org.openjdk.jmc.flightrecorder.JfrAttributes;
import org.openjdk.jmc.flightrecorder.JfrLoaderToolkit;

/** Recordings of real JVMs, joined with samples and read as people read them. */
final class RecordingJoinTest {

  private static final int CHUNKS = 3;
  private static final int SAMPLES = 2 * CHUNKS * RecordedApp.MARKERS;

  @TempDir private Path directory;

  static List<ForkedJvm> jvms() throws Exception {
    return ForkedJvm.all();
  }

  @ParameterizedTest
  @MethodSource("jvms")
  void everyJdkReadsTheSamplesAsItsOwnEvents(ForkedJvm jvm) throws Exception {
    Path joined = join(jvm);
    for (ForkedJvm reader : ForkedJvm.all()) {
      assertThat(reader.java(List.of(), Readback.class, joined, SAMPLES)).contains("read");
    }
  }

  @ParameterizedTest
  @MethodSource("jvms")
  void withoutTicksTheTimeOfDayLeadsOver(ForkedJvm jvm) throws Exception {
    Path joined = join(jvm, "no-ticks");
    for (ForkedJvm reader : ForkedJvm.all()) {
      assertThat(reader.java(List.of(), Readback.class, joined, SAMPLES)).contains("read");
    }
  }

  @ParameterizedTest
  @MethodSource("jvms")
  void theJdksToolsShowTheSamples(ForkedJvm jvm) throws Exception {
    Path joined = join(jvm);
    for (ForkedJvm reader : ForkedJvm.all()) {
      assertThat(reader.jfr("summary", joined).lines().filter(line -> line.contains("pfagent.")))
          .singleElement()
          .asString()
          .containsPattern("pfagent.PageFault +" + SAMPLES + " ");
      assertThat(reader.jfr("print", "--events", "pfagent.PageFault", joined))
          .contains(
              "kind = \"direct-buffer\"", "eventThread = \"faulter-2\"", "RecordedApp.mark()");
      assertThat(reader.jfr("metadata", joined)).contains("@Name(\"pfagent.PageFault\")");
      if (reader.feature() >= 21) {
        assertThat(reader.jfr("view", "--width", "200", "pfagent.PageFault", joined))
            .contains("faulter-2", "direct-buffer");
        Path scrubbed = directory.resolve("scrubbed-%s.jfr".formatted(reader.feature()));
        reader.jfr("scrub", "--include-events", "pfagent.*", joined, scrubbed);
        assertThat(reader.jfr("summary", scrubbed))
            .containsPattern("pfagent.PageFault +" + SAMPLES + " ");
      } else {
        System.out.println("skipped: " + reader + " has no 'jfr view'");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("jvms")
  void missionControlReadsTheSamples(ForkedJvm jvm) throws Exception {
    IItemCollection events = JfrLoaderToolkit.loadEvents(join(jvm).toFile());
    Map<Long, List<Item>> samples = items(events, "pfagent.PageFault", "regionId");
    Map<Long, List<Item>> markers = items(events, "test.Marker", "number");
    assertThat(samples).hasSameSizeAs(markers).hasSize(SAMPLES / 2);
    markers.forEach(
        (number, marker) -> {
          List<Item> pair = samples.get(number);
          assertThat(pair).hasSize(2);
          assertThat(pair.get(0).thread()).isEqualTo(marker.get(0).thread());
          assertThat(pair.get(0).thread().getThreadName()).startsWith("faulter-");
          assertThat(marker.get(0).millis())
              .isBetween(pair.get(0).millis() - 1, pair.get(1).millis() + 1);
          assertThat(pair.get(0).methods())
              .containsExactly(
                  "io.pfagent.chunk.RecordedApp.mark", "io.pfagent.chunk.RecordedApp$Faulter.run");
          assertThat(((IQuantity) pair.get(0).value("address")).longValue())
              .isEqualTo(RecordedApp.BASE_ADDRESS + 4096 * number);
          assertThat(pair.get(0).value("stackState")).isEqualTo("whole");
        });
  }

  @Test
  void theRecordingIsReplacedAndKeepsItsPermissions() throws Exception {
    Path recording = directory.resolve("app.jfr");
    Path samples = directory.resolve("samples");
    record(ForkedJvm.own(), recording, samples);
    Files.setPosixFilePermissions(recording, PosixFilePermissions.fromString("rw-r-----"));
    byte[] before = Files.readAllBytes(recording);

    JoinResult result = RecordingJoin.append(recording, samples);

    // Those of before the recording and after it are left out.
    assertThat(result).isEqualTo(new JoinResult(SAMPLES, 2, 0, Files.size(recording)));
    assertThat(Files.readAllBytes(recording)).startsWith(before);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(recording)))
        .isEqualTo("rw-r-----");
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files).containsExactlyInAnyOrder(recording, samples);
    }
  }

  @Test
  void manySamplesNeedLittleMemory() throws Exception {
    int count = 1_000_000;
    String said = ForkedJvm.own().java(List.of("-Xmx80m"), ManySamples.class, directory, count);
    assertThat(said).contains("joined " + count + ", left out 0");
    assertThat(ForkedJvm.own().jfr("summary", directory.resolve("many.jfr")))
        .containsPattern("pfagent.PageFault +" + count + " ");
  }

  private Path join(ForkedJvm jvm, String... options) throws Exception {
    Path recording = directory.resolve("app.jfr");
    Path samples = directory.resolve("samples");
    record(jvm, recording, samples, options);
    Path joined = directory.resolve("joined.jfr");
    JoinResult result = RecordingJoin.join(recording, samples, joined);
    assertThat(result.joined()).isEqualTo(SAMPLES);
    assertThat(result.leftOut()).isEqualTo(2);
    return joined;
  }

  static void record(ForkedJvm jvm, Path recording, Path samples, String... options)
      throws Exception {
    List<Object> arguments = new ArrayList<>(List.of(recording, samples, CHUNKS));
    arguments.addAll(List.of(options));
    jvm.java(
        List.of("--add-exports=jdk.jfr/jdk.jfr.internal=ALL-UNNAMED"),
        RecordedApp.class,
        arguments.toArray());
  }

  /** An event as JMC sees it. */
  private record Item(IItemIterable of, IItem item) {

    IMCThread thread() {
      return JfrAttributes.EVENT_THREAD.getAccessor(of.getType()).getMember(item);
    }

    double millis() {
      IQuantity time = JfrAttributes.START_TIME.getAccessor(of.getType()).getMember(item);
      return time.doubleValueIn(UnitLookup.EPOCH_MS);
    }

    List<String> methods() {
      IMCStackTrace stack =
          JfrAttributes.EVENT_STACKTRACE.getAccessor(of.getType()).getMember(item);
      return stack.getFrames().stream()
          .map(frame -> frame.getMethod())
          .map(method -> method.getType().getFullName() + "." + method.getMethodName())
          .toList();
    }

    Object value(String field) {
      return of.getType().getAccessorKeys().keySet().stream()
          .filter(key -> key.getIdentifier().equals(field))
          .map(key -> of.getType().getAccessor(key).getMember(item))
          .findFirst()
          .orElseThrow();
    }
  }

  private static Map<Long, List<Item>> items(IItemCollection events, String type, String number) {
    List<Item> items = new ArrayList<>();
    for (IItemIterable iterable : events.apply(ItemFilters.type(type))) {
      iterable.forEach(item -> items.add(new Item(iterable, item)));
    }
    return items.stream()
        .collect(Collectors.groupingBy(item -> ((Number) item.value(number)).longValue()));
  }
}
