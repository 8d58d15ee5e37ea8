package io.pfagent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.pfagent.it.ForkedJvm.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.StreamSupport;
import jdk.jfr.consumer.RecordedEvent;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.openjdk.jmc.common.IMCStackTrace;
import org.openjdk.jmc.common.item.IItem;
import org.openjdk.jmc.common.item.IItemCollection;
import org.openjdk.jmc.common.item.IItemIterable;
import org.openjdk.jmc.common.item.ItemFilters;
import org.openjdk.jmc.common.unit.UnitLookup;
import org.openjdk.jmc.flightrecorder.JfrAttributes;
import org.openjdk.jmc.flightrecorder.JfrLoaderToolkit;

/** The recording as others read it: the JDK's command line, and Mission Control's own loader. */
class ReadersIT {

  @TempDir Path folder;

  static List<Jdk> jdks() {
    return Jdk.all();
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void theJdksOwnToolsReadIt(Jdk jdk) throws Exception {
    Path recording = record(jdk);

    assertThat(jfr(jdk, "summary", recording)).contains("pfagent.RegionAllocation");
    assertThat(jfr(jdk, "print", "--events", "pfagent.RegionAllocation", recording))
        .contains("kind = \"direct-buffer\"", "size = 1.0 MB", "SayHello.main");
    assertThat(jfr(jdk, "print", "--json", "--events", "pfagent.*", recording))
        .contains("\"type\": \"pfagent.ProcessFaults\"");
    if (jdk.feature() >= 21) {
      assertThat(jfr(jdk, "view", "pfagent.RegionAllocation", recording))
          .contains("direct", "1.0 MB");
    } else {
      System.out.println("skipped: " + jdk + " has no 'jfr view'");
    }
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void missionControlReadsIt(Jdk jdk) throws Exception {
    Path recording = record(jdk);
    RecordedEvent expected = RecordedEvents.read(recording).allocations("direct-buffer").get(0);

    IItemCollection events = JfrLoaderToolkit.loadEvents(recording.toFile());
    IItemCollection allocations = events.apply(ItemFilters.type("pfagent.RegionAllocation"));
    assertThat(count(allocations)).isEqualTo(1);
    IItemIterable iterable = allocations.iterator().next();
    IItem item = iterable.iterator().next();
    assertThat(member(iterable, item, "size")).isEqualTo(UnitLookup.BYTE.quantity(1 << 20));
    assertThat(member(iterable, item, "faultTime"))
        .isEqualTo(UnitLookup.NANOSECOND.quantity(expected.getDuration("faultTime").toNanos()));
    assertThat(((Number) member(iterable, item, "minorFaults")).longValue())
        .isEqualTo(expected.getLong("minorFaults"));
    assertThat(
            JfrAttributes.START_TIME
                .getAccessor(iterable.getType())
                .getMember(item)
                .clampedLongValueIn(UnitLookup.EPOCH_MS))
        .isCloseTo(expected.getStartTime().toEpochMilli(), within(1L));
    IMCStackTrace stack =
        JfrAttributes.EVENT_STACKTRACE.getAccessor(iterable.getType()).getMember(item);
    assertThat(stack.getFrames())
        .anySatisfy(frame -> assertThat(frame.getMethod().getMethodName()).isEqualTo("main"));
    assertThat(iterable.getType().getDescription()).startsWith("An off-heap region");
  }

  /** The template is one that JMC and {@code jfr configure} take, alone or over another. */
  @ParameterizedTest
  @MethodSource("jdks")
  void theTemplateMergesWithJfrsOwn(Jdk jdk) throws Exception {
    Path template =
        ForkedJvm.ROOT.resolve("jfr-templates/src/main/resources/io/pfagent/templates/pfagent.jfc");
    Path merged = folder.resolve("merged.jfc");
    jfr(
        jdk,
        "configure",
        "--input",
        "default," + template,
        "--output",
        merged.toString(),
        "pfagent-level=no-stacks",
        "pfagent-period=100ms");

    Path recording = folder.resolve("configured.jfr");
    Result result =
        new ForkedJvm(jdk)
            .agent("")
            .jvm("-XX:StartFlightRecording:settings=" + merged + ",filename=" + recording)
            .run("io.pfagent.app.SayHello");
    assertThat(result.exit()).as(result.err()).isZero();
    RecordedEvents events = RecordedEvents.read(recording);
    assertThat(events.allocations("direct-buffer"))
        .singleElement()
        .satisfies(event -> assertThat(event.getStackTrace()).isNull());
    assertThat(Files.readString(merged))
        .contains("<setting name=\"period\" control=\"pfagent-period\">100 ms");
  }

  private Path record(Jdk jdk) throws Exception {
    Path recording = folder.resolve("app.jfr");
    Result result = new ForkedJvm(jdk).agent("record=" + recording).run("io.pfagent.app.SayHello");
    assertThat(result.exit()).as(result.err()).isZero();
    return recording;
  }

  private static String jfr(Jdk jdk, Object... arguments) throws Exception {
    String[] words = Arrays.stream(arguments).map(Object::toString).toArray(String[]::new);
    Result result = new ForkedJvm(jdk).tool("jfr").run(words);
    assertThat(result.exit()).as(result.out() + result.err()).isZero();
    return result.out();
  }

  /** The value as JMC sees it, its unit included. */
  private static Object member(IItemIterable items, IItem item, String field) {
    return items.getType().getAccessorKeys().keySet().stream()
        .filter(key -> key.getIdentifier().equals(field))
        .map(key -> items.getType().getAccessor(key).getMember(item))
        .findFirst()
        .orElseThrow(() -> new AssertionError("JMC sees no field " + field));
  }

  private static long count(IItemCollection items) {
    return StreamSupport.stream(items.spliterator(), false)
        .mapToLong(IItemIterable::getItemCount)
        .sum();
  }
}
