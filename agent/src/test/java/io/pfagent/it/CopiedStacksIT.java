package io.pfagent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.pfagent.it.ForkedJvm.Result;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import jdk.jfr.consumer.RecordedEvent;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What becomes of copied stacks in the packed agent. */
class CopiedStacksIT {

  private static final int THREADS = 200;

  @TempDir Path folder;

  static List<Jdk> jdks() {
    return Jdk.all();
  }

  static List<Jdk> jdksWithVirtualThreads() {
    return Jdk.all().stream().filter(jdk -> jdk.feature() >= 21).toList();
  }

  /**
   * Who the virtual thread was, no JVM tells of a moment that is past: its carrier stands there.
   */
  @ParameterizedTest
  @MethodSource("jdksWithVirtualThreads")
  void ofAVirtualThreadThatWasParkedTheHeadIsRight(Jdk jdk) throws Exception {
    RecordedEvents events =
        record(new ForkedJvm(jdk), "sample=1", "ParkedVirtualThreads", String.valueOf(THREADS));

    List<RecordedEvent> faults =
        events.of("PageFault").stream()
            .filter(fault -> fault.getString("kind").equals("mapped-file"))
            .filter(fault -> own(fault, "ParkedVirtualThreads").contains("touch"))
            .toList();
    // A fault may map several pages of the file: the kernel keeps some of them as one folio.
    assertThat(faults).hasSizeGreaterThan(THREADS / 16);
    assertThat(faults)
        .allSatisfy(
            fault -> {
              assertThat(fault.getThread().getJavaName()).startsWith("ForkJoinPool-1-worker-");
              List<String> methods = own(fault, "ParkedVirtualThreads");
              assertThat(methods.get(0)).isEqualTo("touch");
              if (fault.getString("stackState").equals("complete")) {
                assertThat(methods.stream().filter("down"::equals)).hasSize(21);
                assertThat(String.join(" ", RecordedEvents.frames(fault)))
                    .contains("java.lang.VirtualThread.run", "ForkJoinWorkerThread.run");
              } else {
                assertThat(fault.getString("stackState")).isEqualTo("return-barrier");
                assertThat(methods.subList(1, methods.size())).containsOnly("down");
                assertThat(methods).hasSizeLessThan(22);
              }
            });
    assertThat(faults.stream().map(fault -> fault.getString("stackState")).distinct())
        .containsExactlyInAnyOrder("complete", "return-barrier");
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void theCopyGrowsOnceWhereStacksDoNotFit(Jdk jdk) throws Exception {
    // Interpreted frames are of one size, 200 of them larger than the first copy.
    ForkedJvm jvm =
        new ForkedJvm(jdk)
            .jvm("-XX:CompileCommand=quiet")
            .jvm("-XX:CompileCommand=exclude,io.pfagent.app.RecurseDeep::recurse");
    RecordedEvents events = record(jvm, "sample=101", "RecurseDeep", "5000");

    List<String> states =
        events.of("PageFault").stream()
            .filter(fault -> fault.getString("kind").equals("direct-buffer"))
            .sorted(Comparator.comparing(RecordedEvent::getStartTime))
            .map(fault -> fault.getString("stackState"))
            .toList();
    assertThat(states).endsWith("complete");
    // Where classes are loaded with deep stacks, it has grown before.
    int grown = states.indexOf("complete");
    assertThat(states.subList(0, grown)).allMatch("truncated"::equals);
    // Some allocations go deeper: they wait until the collector has freed others.
    List<String> after = states.subList(grown, states.size());
    assertThat(after.stream().filter("truncated"::equals)).hasSizeLessThan(after.size() / 10);
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void whatLiesOnTheStackIsInNoFile(Jdk jdk) throws Exception {
    long one = 0x1122_3344_5566_7788L;
    long other = 0x0102_0304_0506_0708L;
    Path temporary = Files.createDirectory(folder.resolve("tmp"));
    ForkedJvm jvm = new ForkedJvm(jdk).jvm("-Djava.io.tmpdir=" + temporary);
    String options = "sample=1,merge=off";
    RecordedEvents events =
        record(jvm, options, "SecretOnStack", String.valueOf(one), String.valueOf(other));

    assertThat(events.of("Capability")).isNotEmpty();
    List<Path> files;
    try (Stream<Path> all = Files.walk(folder)) {
      files = all.filter(Files::isRegularFile).toList();
    }
    assertThat(files).anyMatch(file -> file.startsWith(temporary)); // the samples
    for (Path file : files) {
      for (ByteOrder order : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
        byte[] secret = new byte[Long.BYTES];
        ByteBuffer.wrap(secret).order(order).putLong(one + other);
        assertThat(holds(file, secret)).as("%s", file).isFalse();
      }
    }
  }

  private RecordedEvents record(ForkedJvm jvm, String options, String program, String... arguments)
      throws Exception {
    Path recording = folder.resolve("copies.jfr");
    String[] command =
        Stream.concat(Stream.of("io.pfagent.app." + program), Stream.of(arguments))
            .toArray(String[]::new);
    Result result = jvm.agent("record=" + recording + "," + options).run(command);
    assertThat(result.exit()).as(result.err()).isZero();
    RecordedEvents events = RecordedEvents.read(recording);
    RecordedEvent stacks =
        events.of("Capability").stream()
            .filter(event -> event.getString("name").equals("stacks"))
            .findFirst()
            .orElseThrow();
    assumeTrue(stacks.getBoolean("available"), () -> "skipped: " + stacks.getString("reason"));
    return events;
  }

  /** The methods of the program itself, the innermost first. */
  private static List<String> own(RecordedEvent fault, String program) {
    String prefix = "io.pfagent.app." + program + ".";
    return RecordedEvents.frames(fault).stream()
        .filter(frame -> frame.startsWith(prefix))
        .map(frame -> frame.substring(prefix.length(), frame.indexOf(':')))
        .filter(method -> !method.startsWith("lambda"))
        .toList();
  }

  private static boolean holds(Path file, byte[] bytes) throws IOException {
    String content = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    return content.contains(new String(bytes, StandardCharsets.ISO_8859_1));
  }
}
