package io.pfagent.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.pfagent.app.DirectMemory;
import io.pfagent.kernel.Capability;
import io.pfagent.kernel.FaultRecord;
import io.pfagent.kernel.FaultSampling;
import io.pfagent.kernel.SampleLayout;
import io.pfagent.kernel.SampleSetUp;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
class AdaptiveSamplingTest {

  private static final int PAGE = 4096;
  private static final int PAGES = 300;
  private static final SamplePeriod EVERY_FAULT = new SamplePeriod(SamplePeriod.Mode.FIXED, 1);

  @TempDir private Path directory;

  private final List<Long> sampled = new ArrayList<>();
  private final List<Throwable> failures = new ArrayList<>();
  private AdaptiveSampling sampling;
  private int reopened;
  private MappedByteBuffer memory;

  @BeforeEach
  void mapMemory() throws IOException {
    try (FileChannel file =
        FileChannel.open(
            Files.createFile(directory.resolve("memory")),
            StandardOpenOption.READ,
            StandardOpenOption.WRITE)) {
      memory = file.map(FileChannel.MapMode.PRIVATE, 0, (long) PAGES * PAGE);
    }
  }

  @AfterEach
  void close() {
    if (sampling != null) {
      sampling.close();
    }
  }

  @Test
  void whereAReopeningIsRefusedSamplingGoesOnAndThatIsToldOnce() {
    begin((before, setUp) -> refused());
    long userFaults = sampling.userFaults().all();

    touch(0, PAGES / 3);
    passTicks(1);
    touch(PAGES / 3, PAGES / 3 * 2);
    passTicks(5);
    touch(PAGES / 3 * 2, PAGES);
    sampling.drain();

    assertThat(reopened).isEqualTo(1);
    assertThat(failures)
        .singleElement()
        .extracting(Throwable::getMessage)
        .isEqualTo("sampling goes on as it was set up: no room");
    assertSampledOnce();
    assertThat(sampling.userFaults().all()).isGreaterThanOrEqualTo(userFaults + PAGES);
    assertThat(sampling.faultsPerSample()).isEqualTo(1);
    assertThat(sampling.capability().available()).isTrue();
  }

  @Test
  void aReopeningLosesNoSample() {
    begin(FaultSampling::reopen);
    long userFaults = sampling.userFaults().all();

    touch(0, PAGES / 2);
    passTicks(5);
    touch(PAGES / 2, PAGES);
    sampling.drain();

    assertThat(failures).isEmpty();
    assertThat(reopened).isEqualTo(1);
    assertSampledOnce();
    assertThat(sampling.userFaults().all()).isGreaterThanOrEqualTo(userFaults + PAGES);
    assertThat(sampling.lostSamples()).isZero();
  }

  @Test
  void aPeriodOfTheUsersOwnEndsARest() {
    sampling =
        new AdaptiveSampling(
            StackReading.leaf(Optional.empty()), new FaultTotals(), fault -> {}, failures::add);
    sampling.setPeriod(SamplePeriod.AUTO);
    assumeTrue(sampling.isOn(), () -> "no sampling here: " + sampling.capability().reason());
    long start = System.nanoTime();
    assertThat(sampling.hasCountedSince(start)).isTrue();

    // What may be spent at once, and more.
    for (int i = 0; i < 40; i++) {
      DirectMemory.free(ByteBuffer.allocateDirect(64 << 20));
    }
    passTicks(1);
    assertThat(sampling.hasCountedSince(start)).isFalse();
    long userFaults = sampling.userFaults().all();
    long restedFaults = sampling.restedFaults();
    touch(0, PAGES);
    assertThat(sampling.restedFaults()).isGreaterThan(restedFaults + PAGES * 9 / 10);
    assertThat(sampling.userFaults().all()).as("by estimate").isGreaterThan(userFaults);

    sampling.setPeriod(EVERY_FAULT);
    long after = sampling.restedFaults();
    ByteBuffer.allocateDirect(PAGES * PAGE);
    assertThat(sampling.hasCountedSince(System.nanoTime())).isTrue();
    assertThat(sampling.restedFaults()).isEqualTo(after);
    assertThat(sampling.faultsPerSample()).isEqualTo(1);
    assertThat(failures).isEmpty();
  }

  private void begin(BiFunction<FaultSampling, SampleSetUp, FaultSampling.Opened> reopening) {
    sampling =
        new AdaptiveSampling(
            new StackReading(new StacksThatDoNotFit(), smallCopies(), 1_000),
            new FaultTotals(),
            fault -> sampled.add(fault.address()),
            failures::add,
            (before, setUp) -> {
              reopened++;
              return reopening.apply(before, setUp);
            });
    sampling.setPeriod(EVERY_FAULT);
    assumeTrue(sampling.isOn(), () -> "no sampling here: " + sampling.capability().reason());
  }

  private static SampleSetUp smallCopies() {
    return new SampleSetUp(SampleLayout.leaf().withStack(0, 1024), 4 << 20);
  }

  private static FaultSampling.Opened refused() {
    return new FaultSampling.Opened(
        Optional.empty(), new Capability(FaultSampling.NAME, false, "no room", ""));
  }

  /** At each the larger copies would be asked for. */
  private void passTicks(int ticks) {
    long now = System.nanoTime();
    for (int i = 1; i <= ticks; i++) {
      sampling.tick(now + TimeUnit.SECONDS.toNanos(i));
    }
  }

  private void touch(int firstPage, int endPage) {
    for (int page = firstPage; page < endPage; page++) {
      memory.put(page * PAGE, (byte) 1);
    }
  }

  private void assertSampledOnce() {
    long start = DirectMemory.address(memory);
    assertThat(sampled.stream().filter(address -> address - start >= 0).toList())
        .filteredOn(address -> address - start < (long) PAGES * PAGE)
        .containsExactlyInAnyOrderElementsOf(
            LongStream.range(0, PAGES).mapToObj(page -> start + page * PAGE).toList());
  }

  /** A stack source whose copies are too small. */
  private static final class StacksThatDoNotFit implements StackSource {

    @Override
    public CaughtStack read(FaultRecord fault) {
      return CaughtStack.Unknown.INSTANCE;
    }

    @Override
    public double takeTruncatedShare(int fewest) {
      return 1;
    }
  }
}
