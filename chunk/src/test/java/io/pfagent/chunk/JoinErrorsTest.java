package io.pfagent.chunk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What can't be joined is left as it was, and said so. */
final class JoinErrorsTest {

  @TempDir private static Path made;
  @TempDir private Path directory;

  private Path recording;
  private Path samples;
  private byte[] whole;

  @BeforeAll
  static void record() throws Exception {
    RecordingJoinTest.record(ForkedJvm.own(), made.resolve("app.jfr"), made.resolve("samples"));
  }

  @BeforeEach
  void copy() throws Exception {
    samples = made.resolve("samples");
    whole = Files.readAllBytes(made.resolve("app.jfr"));
    recording = Files.write(directory.resolve("app.jfr"), whole);
  }

  /** Nothing stays behind. */
  @AfterEach
  void noOtherFile() throws Exception {
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files).containsExactly(recording);
    }
  }

  @Test
  void noRecording() throws Exception {
    assertError(new byte[0], "is empty");
    assertError(Arrays.copyOf(whole, 40), "is not a JFR recording");
    assertError(
        "text, and nothing but text".repeat(10).getBytes(StandardCharsets.UTF_8),
        "is not a JFR recording");
    assertThatThrownBy(() -> RecordingJoin.append(directory, samples))
        .isInstanceOf(JoinException.class)
        .hasMessageContaining("is a directory");
    assertThatThrownBy(() -> RecordingJoin.append(directory.resolve("none"), samples))
        .isInstanceOf(JoinException.class)
        .hasMessageContaining("does not exist");
  }

  @Test
  void compressed() throws Exception {
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(recording))) {
      out.write(whole);
    }
    assertError(Files.readAllBytes(recording), "gunzip");
  }

  @Test
  void truncated() throws Exception {
    assertError(Arrays.copyOf(whole, whole.length - 1), "is truncated");
    assertError(Arrays.copyOf(whole, whole.length + 1), "no chunk begins at byte");
  }

  @Test
  void beingFlushed() throws Exception {
    byte[] open = whole.clone();
    open[64] = (byte) 255;
    assertError(open, "is being written to by its JVM");
  }

  @Test
  void damaged() throws Exception {
    byte[] types = whole.clone();
    Arrays.fill(types, (int) header(24) + 20, (int) header(24) + 2000, (byte) 0xff);
    assertError(types, "is damaged");
    byte[] constants = whole.clone();
    Arrays.fill(constants, (int) header(16) + 20, (int) header(16) + 60, (byte) 0xff);
    assertError(constants, "is damaged");
    byte[] position = whole.clone();
    Arrays.fill(position, 24, 32, (byte) 0xff);
    assertError(position, "is damaged");
  }

  @Test
  void joinedAlready() throws Exception {
    RecordingJoin.append(recording, samples);
    assertError(Files.readAllBytes(recording), "joined to it already");
  }

  @Test
  void withoutTheEvent() throws Exception {
    Path other = made.resolve("other.jfr");
    Path otherSamples = made.resolve("other");
    RecordingJoinTest.record(ForkedJvm.own(), other, otherSamples, "no-event");
    samples = otherSamples;
    assertError(Files.readAllBytes(other), "does not know the event pfagent.PageFault");
  }

  @Test
  void withoutSamples() {
    samples = directory;
    assertThatThrownBy(() -> RecordingJoin.append(recording, samples))
        .isInstanceOf(JoinException.class)
        .hasMessageContaining("holds no samples");
    assertThat(recording).hasBinaryContent(whole);
  }

  @Test
  void whereNothingCanBeWritten() {
    assertThatThrownBy(
            () -> RecordingJoin.join(recording, samples, directory.resolve("none/out.jfr")))
        .isInstanceOf(JoinException.class)
        .hasMessageContaining("its directory does not exist");
    assertThatThrownBy(() -> RecordingJoin.join(recording, samples, directory))
        .isInstanceOf(JoinException.class)
        .hasMessageContaining("it is a directory");
    assertThatThrownBy(() -> RecordingJoin.join(recording, samples, Path.of("/proc/out.jfr")))
        .isInstanceOf(JoinException.class)
        .hasMessageContaining("/proc");
    assertThat(recording).hasBinaryContent(whole);
  }

  /** Samples of another time: the recording is left alone. */
  @Test
  void nothingToJoin() throws Exception {
    Path others = made.resolve("others-" + System.nanoTime());
    try (SampleFile file = SampleFile.create(others, SampleFile.LEAST_BYTES)) {
      file.clock(new ClockReading(1_000_000, 1_000_000, 1_000_000));
      file.sample(1_000_001, 0, 0, 0, "other", 1, -1, false, false, 1, null);
    }
    assertThat(RecordingJoin.append(recording, others))
        .isEqualTo(new JoinResult(0, 1, 0, whole.length));
    assertThat(recording).hasBinaryContent(whole);
  }

  private long header(int offset) {
    long value = 0;
    for (int i = 0; i < Long.BYTES; i++) {
      value = value << 8 | (whole[offset + i] & 0xff);
    }
    return value;
  }

  private void assertError(byte[] content, String message) throws IOException {
    Files.write(recording, content);
    assertThatThrownBy(() -> RecordingJoin.append(recording, samples))
        .isInstanceOf(JoinException.class)
        .hasMessageContaining(message);
    assertThat(recording).hasBinaryContent(content);
  }
}
