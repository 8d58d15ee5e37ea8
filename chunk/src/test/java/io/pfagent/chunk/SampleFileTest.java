package io.pfagent.chunk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SampleFileTest {

  private static final long MB = 1 << 20;

  @TempDir private Path parent;

  @Test
  void samplesComeBack() throws Exception {
    Path directory = parent.resolve("samples");
    try (SampleFile file = SampleFile.create(directory, MB)) {
      file.clock(new ClockReading(5, 6, 7));
      Taker taker = new Taker(file);
      taker.take(1000, 3, "faulter");
      file.sample(900, 0, 0, 0, "malloc", 0x7fff_0000_0001L, -1, true, false, 7, null);
      file.clock(new ClockReading(2000, 2001, 2002));
    }
    Collected read = Collected.of(directory);
    assertThat(read.words)
        .containsExactly(
            "faulter direct-buffer whole a/B.m3(I)V:3 a/B.main()V:-1", "- malloc null");
    assertThat(read.samples.get(0).nanoTime()).isEqualTo(1000);
    assertThat(read.samples.get(1))
        .returns(900L, Sample::nanoTime)
        .returns(0x7fff_0000_0001L, Sample::address)
        .returns(-1L, Sample::offset)
        .returns(7L, Sample::weight)
        .returns(true, Sample::isMajor)
        .returns(false, Sample::inKernel);
    assertThat(read.samples.get(0)).returns(false, Sample::isMajor).returns(true, Sample::inKernel);
    assertThat(read.clocks)
        .containsExactly(new ClockReading(5, 6, 7), new ClockReading(2000, 2001, 2002));
  }

  @Test
  void nobodyElseCanReadThem() throws Exception {
    Path directory = parent.resolve("samples");
    SampleFile.create(directory, MB).close();
    assertThat(permissions(directory)).isEqualTo("rwx------");
    assertThat(permissions(segments(directory).get(0))).isEqualTo("rw-------");
  }

  @Test
  void theOldestGoAndTheRestStandsAlone() throws Exception {
    Path directory = parent.resolve("samples");
    int taken = 200_000;
    long dropped;
    try (SampleFile file = SampleFile.create(directory, MB)) {
      Taker taker = new Taker(file);
      file.clock(new ClockReading(1, 1, 1));
      for (int i = 0; i < taken; i++) {
        taker.take(i, i % 100, "faulter-" + i % 7);
        assertThat(i % 1000 == 0 ? bytes(directory) : 0).isLessThanOrEqualTo(MB);
      }
      dropped = file.droppedSamples();
      assertThat(file.takenSamples()).isEqualTo(taken);
    }
    assertThat(bytes(directory)).isBetween(MB / 2, MB);
    Collected read = Collected.of(directory);
    assertThat(dropped).isPositive().isEqualTo(taken - read.samples.size());
    assertThat(SampleFileReader.open(directory).droppedSamples()).isEqualTo(dropped);
    int first = (int) read.samples.get(0).nanoTime();
    for (int i = 0; i < read.samples.size(); i++) {
      int number = first + i;
      assertThat(read.samples.get(i).nanoTime()).isEqualTo(number);
      assertThat(read.words.get(i))
          .startsWith(
              "faulter-" + number % 7 + " direct-buffer whole a/B.m" + number % 100 + "(I)V");
    }
    assertThat(segments(directory))
        .allSatisfy(one -> assertThat(Collected.of(one).clocks).hasSize(1));
  }

  @Test
  void whereverAFileIsTornTheSamplesBeforeAreThere() throws Exception {
    Path directory = parent.resolve("samples");
    try (SampleFile file = SampleFile.create(directory, MB)) {
      Taker taker = new Taker(file);
      for (int i = 0; i < 4; i++) {
        taker.take(i, i, "faulter");
        file.flush();
      }
    }
    Path segment = segments(directory).get(0);
    byte[] whole = Files.readAllBytes(segment);
    int seen = 0;
    for (int length = SegmentFormat.HEADER_BYTES; length <= whole.length; length++) {
      Files.write(segment, Arrays.copyOf(whole, length));
      int samples = Collected.of(directory).samples.size();
      assertThat(samples).isBetween(seen, seen + 1);
      seen = samples;
    }
    assertThat(seen).isEqualTo(4);
    whole[whole.length - 5] ^= 1;
    Files.write(segment, whole);
    assertThat(Collected.of(directory).samples).hasSize(3);
    Files.write(segment, Arrays.copyOf(whole, 5));
    assertThat(Collected.of(directory).samples).isEmpty();
  }

  @Test
  void oldNumbersAreLeftOutWhenTheDictionaryIsRenewed() throws Exception {
    Path directory = parent.resolve("samples");
    long heap = 64 << 10;
    try (SampleFile file = SampleFile.create(directory, MB, heap)) {
      int thread = file.thread(1, "a", 2, "b", false);
      assertThat(thread).isPositive();
      int calls = 0;
      while (file.method("a/B", "m" + calls, "()V", false) != 0) {
        calls++;
      }
      assertThat(file.generation()).isZero();
      file.flush();
      assertThat(file.generation()).isEqualTo(1);
      file.sample(1, thread, 0, 0, "other", 0, -1, false, false, 1, null);
      new Taker(file).take(2, 1, "faulter");
    }
    assertThat(Collected.of(directory).words)
        .containsExactly("- other null", "faulter direct-buffer whole a/B.m1(I)V:1 a/B.main()V:-1");
  }

  @Test
  void aSampleMakesNoObject() throws Exception {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    try (SampleFile file = SampleFile.create(parent.resolve("samples"), 64 * MB)) {
      int thread = file.thread(1, "a", 2, "b", false);
      int samples = 1_000_000;
      long before = 0;
      for (int i = 0; i < samples; i++) {
        if (i == samples / 2) {
          before = threads.getCurrentThreadAllocatedBytes();
        }
        file.sample(i * 1000L, thread, 0, 1, "malloc", i * 4096L, i, false, false, 1, "leaf");
      }
      // What a new segment and its directory entry take.
      assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(samples);
    }
  }

  @Test
  void aDiskThatIsFullIsSaidOnce() throws Exception {
    Path directory = parent.resolve("samples");
    List<String> java = ForkedJvm.own().javaCommand(List.of(), LimitedWriter.class, directory);
    // A limit of the file's size stands for that of the disk: 512 units of 512 or 1024 bytes.
    String[] command =
        Stream.concat(Stream.of("sh", "-c", "ulimit -f 512; exec \"$@\"", "sh"), java.stream())
            .toArray(String[]::new);
    String said = ForkedJvm.run(List.of(command));
    assertThat(said).contains("can't be written to " + directory, "failures 1");
    long inFile = Collected.of(directory).samples.size();
    assertThat(inFile).isPositive();
    assertThat(said).contains("dropped " + (LimitedWriter.SAMPLES - inFile) + ".");
  }

  @Test
  void killedAfterAFlushLosesNothingOfBefore() throws Exception {
    Path directory = parent.resolve("samples");
    Process process =
        new ProcessBuilder(ForkedJvm.own().javaCommand(List.of(), FlushingWriter.class, directory))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      int said = process.getInputStream().read();
      assertThat(said).isEqualTo('f');
    } finally {
      process.destroyForcibly().waitFor();
    }
    assertThat(Collected.of(directory).samples).hasSizeGreaterThanOrEqualTo(FlushingWriter.FLUSHED);
  }

  @Test
  void wrongPlacesAreClearErrors() throws Exception {
    Path directory = parent.resolve("samples");
    SampleFile.create(directory, MB).close();
    assertThatThrownBy(() -> SampleFile.create(directory, MB))
        .isInstanceOf(FileAlreadyExistsException.class)
        .hasMessageContaining("holds samples already");
    assertThatThrownBy(() -> SampleFile.create(parent.resolve("b"), 1000))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1,048,576");
    assertThatThrownBy(() -> SampleFileReader.open(parent))
        .isInstanceOf(JoinException.class)
        .hasMessageContaining("holds no samples");
    assertThatThrownBy(() -> SampleFileReader.open(parent.resolve("none")))
        .isInstanceOf(JoinException.class)
        .hasMessageContaining("does not exist");
    Path other = Files.writeString(parent.resolve("text"), "no samples, but quite a lot of text");
    assertThatThrownBy(() -> SampleFileReader.open(other))
        .isInstanceOf(JoinException.class)
        .hasMessageContaining("holds no samples");
    SampleFile.delete(directory);
    assertThat(directory).doesNotExist();
  }

  /** Takes samples with a stack of two frames. */
  static final class Taker {

    private final SampleFile file;
    private final Frames frames = new Frames();

    Taker(SampleFile file) {
      this.file = file;
    }

    void take(long nanoTime, int method, String thread) throws IOException {
      frames.clear();
      frames.add(file.method("a/B", "m" + method, "(I)V", false), method, 9, FrameType.INLINED);
      frames.add(file.method("a/B", "main", "()V", false), -1, -1, FrameType.NATIVE);
      int id = file.thread(4711, "os", 12, thread, false);
      int stack = file.stack(frames);
      file.sample(nanoTime, id, stack, 3, "direct-buffer", 4096, 0, false, true, 1, "whole");
    }
  }

  private static List<Path> segments(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.sorted().toList();
    }
  }

  private static long bytes(Path directory) throws IOException {
    long bytes = 0;
    for (Path segment : segments(directory)) {
      bytes += Files.size(segment);
    }
    return bytes;
  }

  private static String permissions(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }
}
