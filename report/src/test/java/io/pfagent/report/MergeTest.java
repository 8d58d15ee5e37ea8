package io.pfagent.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.pfagent.chunk.ClockReading;
import io.pfagent.chunk.SampleFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import jdk.jfr.Event;
import jdk.jfr.Name;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MergeTest {

  @TempDir private Path directory;

  private Path recording;
  private Path samples;

  @Name("pfagent.PageFault")
  static final class PageFault extends Event {
    long regionId;
    String kind;
  }

  @BeforeEach
  void record() throws Exception {
    samples = directory.resolve("app.samples");
    try (SampleFile file = SampleFile.create(samples, SampleFile.LEAST_BYTES)) {
      file.clock(ClockReading.now(() -> 0));
      take(file, 1);
      recording =
          Recordings.recordWith(PageFault.class, directory.resolve("app.jfr"), () -> take(file, 2));
      file.clock(ClockReading.now(() -> 0));
    }
  }

  private static void take(SampleFile file, long regionId) {
    try {
      file.sample(System.nanoTime(), 0, 0, regionId, "malloc", 1, -1, false, false, 1, "none");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void samplesBecomeEvents() throws Exception {
    Path out = directory.resolve("joined.jfr");
    Cli result = merge(out);
    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(result.out()).isEqualTo("%s: 1 sample joined%n".formatted(out));
    assertThat(result.err())
        .isEqualTo(
            "pfagent: warning: 1 sample of another time than the recording left out%n".formatted());
    List<RecordedEvent> events = RecordingFile.readAllEvents(out);
    assertThat(events).hasSize(1);
    assertThat(events.get(0).getLong("regionId")).isEqualTo(2);
    assertThat(events.get(0).getString("kind")).isEqualTo("malloc");
  }

  @Test
  void theRecordingItselfCanBeReplaced() throws Exception {
    assertThat(merge(recording).exitCode()).isZero();
    assertThat(RecordingFile.readAllEvents(recording)).hasSize(1);
    assertThat(merge(recording))
        .returns(1, Cli::exitCode)
        .extracting(Cli::err)
        .asString()
        .contains("joined to it already")
        .hasLineCount(1);
  }

  @Test
  void failureIsALine() throws Exception {
    Files.writeString(recording, "precious, but no recording at all");
    assertThat(merge(directory.resolve("joined.jfr")))
        .returns(1, Cli::exitCode)
        .returns("", Cli::out)
        .extracting(Cli::err)
        .asString()
        .startsWith("pfagent: " + recording + " is not a JFR recording")
        .hasLineCount(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"merge", "merge a.jfr", "merge a.jfr b", "merge a.jfr b -o", "merge a b c -o d"})
  void wrongUsage(String arguments) {
    Cli result = Cli.run(null, arguments.split(" "));
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err()).startsWith("pfagent: ").contains("Usage: pfagent merge");
  }

  @Test
  void helpHasExamples() {
    assertThat(Cli.run(null, "merge", "--help"))
        .returns(0, Cli::exitCode)
        .extracting(Cli::out)
        .asString()
        .contains("Examples:", "java -jar pfagent.jar merge");
    assertThat(Cli.run(null, "--help").out()).contains("merge");
  }

  private Cli merge(Path out) {
    return Cli.run(null, "merge", recording.toString(), samples.toString(), "-o", out.toString());
  }
}
