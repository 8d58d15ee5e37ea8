package io.pfagent.report;

import static io.pfagent.report.Recordings.MB;
import static io.pfagent.report.Recordings.allocation;
import static org.assertj.core.api.Assertions.assertThat;

import io.pfagent.report.Events.DataLoss;
import io.pfagent.report.Events.OldRegionAllocation;
import io.pfagent.report.Events.RegionAllocation;
import io.pfagent.report.Events.Unheard;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import jdk.jfr.Event;
import jdk.jfr.Name;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Files that are no recording, or no longer a whole one. */
@Timeout(120)
final class BrokenRecordingTest {

  @TempDir private Path directory;

  private Path whole;

  @BeforeEach
  void record() throws IOException {
    whole =
        Recordings.record(
            directory.resolve("whole.jfr"), () -> allocation(1, MB, 256, 128_000).commit());
  }

  @Test
  void missingFile() {
    assertFails(directory.resolve("none.jfr"), "none.jfr does not exist");
  }

  @Test
  void directory() {
    assertFails(directory, "is a directory");
  }

  @Test
  void emptyFile() throws IOException {
    assertFails(Files.createFile(directory.resolve("empty.jfr")), "empty.jfr is empty");
  }

  @Test
  void foreignFile() throws IOException {
    Path text = Files.writeString(directory.resolve("notes.txt"), "FLR, but not that one\n");
    assertFails(text, "notes.txt is not a JFR recording");
  }

  @Test
  void compressedFile() throws IOException {
    Path compressed = directory.resolve("whole.jfr.gz");
    try (GZIPOutputStream out = new GZIPOutputStream(Files.newOutputStream(compressed))) {
      Files.copy(whole, out);
    }
    assertFails(compressed, "is compressed; unpack it first");
  }

  @Test
  void recordingOfAnApplicationWithoutAgent() throws IOException {
    Path foreign =
        Recordings.record(directory.resolve("foreign.jfr"), () -> new ForeignEvent().commit());
    assertFails(foreign, "holds no pfagent event", "-javaagent:pfagent.jar=record=");
  }

  @Test
  void truncatedAnywhereIsAClearError() throws IOException {
    byte[] bytes = Files.readAllBytes(whole);
    for (int length = 1; length < bytes.length; length += 1 + length / 16) {
      Path cut = Files.write(directory.resolve("cut.jfr"), Arrays.copyOf(bytes, length));
      assertFails(cut, length < ChunkHeader.BYTES ? "cut off" : "is truncated");
    }
  }

  @Test
  void whatPrecedesTheCutIsReported() throws IOException {
    Path second =
        Recordings.record(
            directory.resolve("second.jfr"), () -> allocation(2, MB, 7, 3_500).commit());
    byte[] bytes = Files.readAllBytes(Recordings.join(directory.resolve("two.jfr"), whole, second));
    int complete = (int) Files.size(whole);
    for (int length = complete + 1; length < bytes.length; length += bytes.length / 12) {
      Path cut = Files.write(directory.resolve("cut.jfr"), Arrays.copyOf(bytes, length));
      Cli result = Cli.report(cut, "--json", "-");
      assertThat(result.exitCode()).isZero();
      assertThat(result.err())
          .contains("warning: the tail of")
          .contains("first %,d of %,d bytes".formatted(complete, length));
      Json json = Json.parse(result.out());
      assertThat(json.at("recording", "complete")).isEqualTo(false);
      assertThat(json.at("recording", "readBytes")).isEqualTo((long) complete);
      assertThat(json.at("regions", "total")).isEqualTo(1L);
    }
    assertThat(Cli.report(directory.resolve("cut.jfr")).out()).contains("its tail is broken");
  }

  @Test
  void temporaryCopiesAreRemoved() throws IOException {
    Path trailing = directory.resolve("trailing.jfr");
    Files.write(trailing, Files.readAllBytes(whole));
    Files.writeString(trailing, "garbage", StandardOpenOption.APPEND);
    Path copy;
    try (RecordingSource source = RecordingSource.open(trailing)) {
      copy = source.readable();
      assertThat(copy).isNotEqualTo(trailing).hasSameBinaryContentAs(whole);
    }
    assertThat(copy).doesNotExist();
  }

  @ParameterizedTest
  @MethodSource("io.pfagent.report.Jvm#homes")
  void chunkThatItsJvmNeverFinishedIsReported(Path home) throws Exception {
    setState(whole, 1);
    Cli result = Jvm.run(home, List.of(), CliMain.class, "report", whole.toString());
    assertThat(result).returns("", Cli::err).returns(0, Cli::exitCode);
    assertThat(result.out()).contains("Regions that cost most").doesNotContain("broken");
  }

  @Test
  void headerThatIsBeingWritten() throws IOException {
    setState(whole, 255);
    assertFails(whole, "is not finished");
  }

  @Test
  void damagedBytesNeverShowAStackTrace() throws IOException {
    byte[] bytes = Files.readAllBytes(whole);
    Random random = new Random(7);
    for (int round = 0; round < 150; round++) {
      byte[] damaged = bytes.clone();
      for (int i = 0; i < 1 + round % 20; i++) {
        damaged[ChunkHeader.BYTES + random.nextInt(bytes.length - ChunkHeader.BYTES)] ^=
            (byte) (1 + random.nextInt(255));
      }
      Path file = Files.write(directory.resolve("damaged.jfr"), damaged);
      assertOneLineOrReport(Cli.report(file), "round " + round);
    }
  }

  @Test
  void damagedHeadersNeverShowAStackTrace() throws IOException {
    byte[] bytes = Files.readAllBytes(whole);
    for (int offset = 0; offset < ChunkHeader.BYTES; offset++) {
      for (int value : new int[] {0, 1, 0x7f, 0x80, 0xff}) {
        byte[] damaged = bytes.clone();
        damaged[offset] = (byte) value;
        Path file = Files.write(directory.resolve("damaged.jfr"), damaged);
        assertOneLineOrReport(Cli.report(file), "byte " + offset + " = " + value);
      }
    }
  }

  @Test
  void fieldsThatAreMissingOrOfAnotherTypeAreUnknown() throws IOException {
    OldRegionAllocation old = new OldRegionAllocation();
    old.regionId = 3;
    Path file =
        Recordings.recordWith(
            OldRegionAllocation.class,
            directory.resolve("old.jfr"),
            () -> {
              old.commit();
              new Unheard().commit();
            });
    Cli result = Cli.report(file);
    assertThat(result).returns("", Cli::err).returns(0, Cli::exitCode);
    assertThat(result.out())
        .contains("2 pfagent events")
        .contains("1 region event without a fault count")
        .contains("no tracked region had a fault that was counted");
  }

  @Test
  void lossOfEventsIsTold() throws IOException {
    DataLoss loss = new DataLoss();
    loss.amount = 3 * MB;
    Path file =
        Recordings.recordWith(
            DataLoss.class,
            directory.resolve("loss.jfr"),
            () -> {
              allocation(1, MB, 256, 128_000).commit();
              loss.commit();
              loss.commit();
            });
    assertThat(Cli.report(file).out())
        .contains("1 pfagent event")
        .contains("JFR dropped 6.0 MB of events: counts are too low");
    assertThat(Cli.report(whole).out()).doesNotContain("dropped");
  }

  @Test
  void sectionsWithoutDataAreOneLine() {
    assertThat(Cli.report(whole).out())
        .contains("not counted in this recording (no pfagent.ProcessFaults)")
        .contains("no region was touched by a hooked operation")
        .contains("no thread was sampled")
        .doesNotContain("What to try");
  }

  @Test
  void unknownCountsAreDashes() throws IOException {
    Path file =
        Recordings.record(
            directory.resolve("unknown.jfr"),
            () -> {
              RegionAllocation uncounted = allocation(1, MB, -1, -1);
              uncounted.majorFaults = -1;
              uncounted.commit();
              allocation(2, MB, 256, 0).commit();
            });
    assertThat(Cli.report(file).out())
        .containsPattern("2  direct-buffer +1\\.0 MB +- +256 +0 +- +live");
  }

  @Test
  void namesCannotDriveTheTerminal() throws IOException {
    Path file =
        Recordings.record(
            directory.resolve("hostile.jfr"),
            () -> {
              RegionAllocation mapped = allocation(1, MB, 1, 500);
              mapped.path = "/tmp/\u001b[31mred\nline";
              mapped.commit();
            });
    assertThat(Cli.report(file).out()).contains("/tmp/?[31mred line").doesNotContain("\u001b");
  }

  private static void setState(Path recording, int state) throws IOException {
    try (FileChannel file = FileChannel.open(recording, StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.wrap(new byte[] {(byte) state}), ChunkHeader.STATE_OFFSET);
    }
  }

  private static void assertFails(Path file, String... because) {
    Cli result = Cli.report(file);
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).startsWith("pfagent: ").hasLineCount(1).contains(because);
  }

  private static void assertOneLineOrReport(Cli result, String what) {
    assertThat(result.exitCode()).as(what).isIn(0, 1);
    assertThat(result.err()).as(what).doesNotContain("\tat ");
    if (result.exitCode() == 1) {
      assertThat(result.err()).as(what).startsWith("pfagent: ").hasLineCount(1);
    } else {
      assertThat(result.out()).as(what).startsWith("Page faults in ");
    }
  }

  @Name("org.example.Foreign")
  private static final class ForeignEvent extends Event {}
}
