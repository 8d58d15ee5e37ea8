package io.pfagent.kernel;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;

/** The faults of the test's own JVM are being sampled, each of them. */
abstract class SampledJvm {

  static final long PAGES = 20_000;

  /** include/uapi/asm-generic/mman-common.h. */
  private static final int MADV_PAGEOUT = 21;

  @Parameter boolean byProgram;

  @TempDir Path directory;

  final List<TakenSample> samples = new ArrayList<>();
  FaultSampling sampling;

  @BeforeEach
  void open() {
    open(8 << 20);
  }

  @AfterEach
  void close() {
    if (sampling != null) {
      sampling.close();
    }
  }

  /** Each fault is sampled. */
  void open(int ringBytes) {
    SampleSetUp setUp = new SampleSetUp(SampleLayout.leaf(), ringBytes, byProgram);
    FaultSampling.Opened opened = FaultSampling.open(setUp, 1);
    assumeTrue(opened.sampling().isPresent(), () -> "skipped: " + opened.capability().reason());
    sampling = opened.sampling().get();
    sampling
        .byProgram()
        .ifPresent(program -> assumeTrue(program.available(), "skipped: " + program.reason()));
  }

  /** A wait that nobody ends takes far longer. */
  boolean isOverAtOnce() {
    long start = System.nanoTime();
    sampling.await(60_000);
    return System.nanoTime() - start < 30_000_000_000L;
  }

  /** Mapped, and on the device only. */
  MappedByteBuffer coldFile() throws IOException {
    try (FileChannel channel = FileChannel.open(directory.resolve("cold"), CREATE, READ, WRITE)) {
      channel.write(ByteBuffer.allocate(1 << 20));
      channel.force(true);
      MappedByteBuffer mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, 1 << 20);
      // Pages that are still on their way to a list of the kernel stay.
      for (int attempt = 1; attempt == 1 || (attempt < 10 && mapped.isLoaded()); attempt++) {
        mapped.load(); // only what is mapped can be paged out
        assertThat(LibC.madvise(LibC.address(mapped), 1 << 20, MADV_PAGEOUT)).isZero();
      }
      assumeTrue(
          !mapped.isLoaded(),
          "the kernel keeps this file system's pages: no major fault to be had");
      return mapped;
    }
  }

  void assertSampledAsMajor(MappedByteBuffer cold) {
    long address = LibC.address(cold);
    assertThat(samples)
        .filteredOn(sample -> sample.address() == address)
        .extracting(TakenSample::major)
        .containsExactly(true);
  }

  void drain() {
    sampling.drain(fault -> samples.add(TakenSample.of(fault)));
  }

  List<TakenSample> samplesIn(AnonymousMemory memory) {
    return samples.stream().filter(sample -> sample.isIn(memory)).toList();
  }

  /** Faults during an action: of user mode as the counters tell, and all as the kernel tells. */
  record Faults(long user, long all) {}

  /**
   * Other threads of the JVM fault, too, so the whole count is the bound, not a fixed allowance.
   */
  void assertCountsPagesOnce(Runnable touching) {
    Faults faults = faultsOf(touching);

    assertThat(faults.user()).isBetween(PAGES * 98 / 100, faults.all());
  }

  Faults faultsOf(Runnable action) {
    Rusage rusage = new Rusage();
    assertThat(rusage.readProcess()).isTrue();
    long allBefore = rusage.minorFaults() + rusage.majorFaults();
    long userBefore = sampling.userFaults().all();
    action.run();
    long user = sampling.userFaults().all() - userBefore;
    assertThat(rusage.readProcess()).isTrue();
    return new Faults(user, rusage.minorFaults() + rusage.majorFaults() - allBefore);
  }

  static void touchPages() {
    try (AnonymousMemory memory = AnonymousMemory.ofPages(PAGES)) {
      memory.touch(0, memory.size);
    }
  }

  /** What the descriptors of this process lead to. */
  static List<String> openFiles() {
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
      return descriptors.map(SampledJvm::target).toList();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static String target(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException gone) {
      return "";
    }
  }
}
