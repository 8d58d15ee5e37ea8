package io.pfagent.kernel;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
final class FaultSamplingTest {

  private static final long PAGES = 20_000;

  /** include/uapi/asm-generic/mman-common.h. */
  private static final int MADV_PAGEOUT = 21;

  private static final SampleSetUp EVERY_FAULT = new SampleSetUp(SampleLayout.leaf(), 8 << 20);

  private final List<TakenSample> samples = new ArrayList<>();
  private FaultSampling sampling;

  @BeforeEach
  void open() {
    open(EVERY_FAULT, 1);
  }

  @AfterEach
  void close() {
    if (sampling != null) {
      sampling.close();
    }
  }

  @Test
  void countsTheTouchedPagesOfThisThread() {
    assertCountsPagesOnce(FaultSamplingTest::touchPages);
  }

  @Test
  void countsThreadsThatStartLater() {
    assertCountsPagesOnce(
        () -> {
          Thread child = new Thread(FaultSamplingTest::startGrandchild);
          child.start();
          Threads.join(child);
        });
  }

  @Test
  void countsThreadsFromBeforeOnce() {
    close();
    CountDownLatch opened = new CountDownLatch(1);
    Thread early =
        new Thread(
            () -> {
              Threads.await(opened);
              touchPages();
            });
    early.start();
    open(EVERY_FAULT, 1);
    assertCountsPagesOnce(
        () -> {
          opened.countDown();
          Threads.join(early);
        });
  }

  @Test
  void openingAmongStartingThreadsCountsOnce() {
    close();
    AtomicBoolean stop = new AtomicBoolean();
    Thread starter =
        new Thread(
            () -> {
              while (!stop.get()) {
                Thread next = new Thread(() -> {});
                next.start();
                Threads.join(next);
              }
            });
    starter.start();
    open(EVERY_FAULT, 1);
    stop.set(true);
    Threads.join(starter);
    assertCountsPagesOnce(FaultSamplingTest::touchPages);
  }

  @Test
  void faultsThatTheKernelRaisesAreNoUserFaults() {
    try (AnonymousMemory memory = AnonymousMemory.ofPages(PAGES)) {
      Faults faults = faultsOf(memory::fillByKernel);

      assertThat(faults.all() - faults.user()).isCloseTo(PAGES, withinPercentage(2));
    }
  }

  @Test
  void childProcessesAreLeftOut() throws Exception {
    long before = sampling.userFaults();
    String childFaults =
        ForkedJvm.ofThisHome().run(TouchingProcess.class, String.valueOf(PAGES)).strip();

    assertThat(Long.parseLong(childFaults)).isGreaterThanOrEqualTo(PAGES);
    assertThat(sampling.userFaults() - before).isLessThan(PAGES);
  }

  @Test
  void eachFaultOfPeriodOneIsASampleWithItsAddressThreadAndTime() {
    try (AnonymousMemory memory = AnonymousMemory.ofPages(PAGES)) {
      int[] tid = new int[1];
      long start = System.nanoTime();
      Thread toucher =
          new Thread(
              () -> {
                tid[0] = Tasks.currentThreadId();
                memory.touch(0, memory.size);
              });
      toucher.start();
      Threads.join(toucher);
      long end = System.nanoTime();
      drain();

      List<TakenSample> inside = samplesIn(memory);
      assertThat(sampling.takeLost()).isZero();
      assertThat(inside.stream().map(sample -> sample.address() / LibC.pageSize()).distinct())
          .hasSize((int) PAGES);
      assertThat(inside).hasSize((int) PAGES);
      assertThat(inside)
          .allSatisfy(
              sample -> {
                assertThat(sample.tid()).isEqualTo(tid[0]);
                assertThat(sample.nanoTime()).isBetween(start, end);
                assertThat(sample.weight()).isEqualTo(1);
                assertThat(sample.major()).isFalse();
                assertThat(sample.programCounter()).isNotZero();
              });
    }
  }

  @Test
  void majorFaultsAreToldApart(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("cold");
    try (FileChannel channel = FileChannel.open(file, CREATE, READ, WRITE)) {
      channel.write(ByteBuffer.allocate(1 << 20));
      channel.force(true);
      MappedByteBuffer mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, 1 << 20);
      long address = LibC.address(mapped);
      mapped.load(); // only what is mapped can be paged out
      assertThat(LibC.madvise(address, 1 << 20, MADV_PAGEOUT)).isZero();
      boolean resident = mapped.isLoaded();
      assumeTrue(!resident, "the kernel keeps this file system's pages: no major fault to be had");
      drain();
      samples.clear();

      assertThat(mapped.get(0)).isZero();
      drain();
      assertThat(samples)
          .filteredOn(sample -> sample.address() == address)
          .extracting(TakenSample::major)
          .containsExactly(true);
    }
  }

  @Test
  void aSampleStandsForAPeriodOfFaults() {
    assertThat(sampling.setPeriod(100)).isEmpty();
    assertThat(sampling.period()).isEqualTo(100);
    try (AnonymousMemory memory = AnonymousMemory.ofPages(PAGES)) {
      drain();
      samples.clear();
      memory.touch(0, memory.size);
      drain();

      assertThat(samplesIn(memory))
          .allSatisfy(sample -> assertThat(sample.weight()).isEqualTo(100))
          .hasSizeLessThan((int) PAGES / 50);
      long estimate = samplesIn(memory).stream().mapToLong(TakenSample::weight).sum();
      assertThat(estimate).isCloseTo(PAGES, withinPercentage(5));
    }
  }

  @Test
  void aChangeOfPeriodKeepsTheCount() {
    Faults faults =
        faultsOf(
            () -> {
              touchPages();
              sampling.setPeriod(7);
              touchPages();
            });

    assertThat(faults.user()).isBetween(2 * PAGES * 98 / 100, faults.all());
  }

  @Test
  void minorFaultsGoByUncountedInARestOnly() {
    touchPages();
    sampling.rest();
    assertThat(sampling.isResting()).isTrue();
    drain();
    long counted = sampling.userFaults();
    samples.clear();
    touchPages();
    drain();
    assertThat(sampling.userFaults()).isEqualTo(counted);
    assertThat(samples).isEmpty();

    assertThat(sampling.setPeriod(1)).isEmpty();
    assertThat(sampling.isResting()).isFalse();
    assertCountsPagesOnce(FaultSamplingTest::touchPages);
    drain();
    assertThat(samples).hasSizeGreaterThanOrEqualTo((int) PAGES);
  }

  @Test
  void aScaleMakesSamplesStandForMore() {
    sampling.setPeriod(100);
    drain();
    samples.clear();
    sampling.scaleWeights(2.5);
    touchPages();
    List<Long> weights = new ArrayList<>();
    List<Long> periods = new ArrayList<>();
    sampling.drain(
        fault -> {
          weights.add(fault.weight());
          periods.add(fault.period());
        });

    assertThat(weights).isNotEmpty().containsOnly(250L);
    assertThat(periods).containsOnly(100L);
  }

  @Test
  void whatARingTooSmallLosesIsCounted() {
    close();
    open(new SampleSetUp(SampleLayout.leaf(), 32 << 10), 1);
    try (AnonymousMemory memory = AnonymousMemory.ofPages(PAGES)) {
      memory.touch(0, memory.size);
      drain();
      // The kernel tells of a loss with the next sample that finds room.
      touchPages();
      drain();

      assertThat(sampling.ringBytes()).isEqualTo(32 << 10);
      assertThat(sampling.takeLost() + samples.size()).isGreaterThanOrEqualTo(PAGES);
      assertThat(samples.size()).isLessThan((int) PAGES);
    }
  }

  @Test
  void aChainHoldsNoMarks() {
    close();
    open(new SampleSetUp(SampleLayout.leaf().withChain(16), 8 << 20), 1);
    touchPages();
    drain();

    assertThat(samples).isNotEmpty();
    assertThat(samples)
        .allSatisfy(sample -> assertThat(sample.chain()).hasSizeLessThanOrEqualTo(16));
    assertThat(samples)
        .flatExtracting(TakenSample::chain)
        // PERF_CONTEXT_MAX of perf_event_open(2). What else follows a frame pointer that is none
        // may
        // be any word of the stack.
        .allSatisfy(address -> assertThat(Long.compareUnsigned(address, -4095L)).isNegative());
  }

  @Test
  void aStackIsCopiedFromTheStackPointerOn() {
    close();
    open(new SampleSetUp(SampleLayout.leaf().withStack(0, 1024), 16 << 20), 10);
    List<long[]> copies = new ArrayList<>();
    touchPages();
    sampling.drain(
        fault ->
            copies.add(
                new long[] {
                  fault.stackAddress(),
                  fault.stackBytes(),
                  fault.registersAddress(),
                  fault.stackPointer()
                }));

    assertThat(copies).isNotEmpty();
    assertThat(copies)
        .allSatisfy(
            copy -> {
              assertThat(copy[0]).isGreaterThan(copy[2]);
              assertThat(copy[1]).isBetween(8L, 1024L);
              assertThat(copy[3]).isNotZero();
            });
  }

  @Test
  void wakingEndsTheWait() {
    sampling.wake();
    sampling.await(60_000);
  }

  @Test
  void closingGivesTheDescriptorsBack() {
    long whileOpen = FileDescriptors.countOpen();
    sampling.close();

    assertThat(FileDescriptors.countOpen()).isLessThan(whileOpen);
    sampling = null;
  }

  private void open(SampleSetUp setUp, long period) {
    FaultSampling.Opened opened = FaultSampling.open(setUp, period);
    assumeTrue(opened.sampling().isPresent(), () -> opened.capability().reason());
    sampling = opened.sampling().get();
  }

  private void drain() {
    sampling.drain(fault -> samples.add(TakenSample.of(fault)));
  }

  private List<TakenSample> samplesIn(AnonymousMemory memory) {
    return samples.stream().filter(sample -> sample.isIn(memory)).toList();
  }

  /** Faults during an action: of user mode as the counters tell, and all as the kernel tells. */
  private record Faults(long user, long all) {}

  /**
   * Other threads of the JVM fault, too, so the whole count is the bound, not a fixed allowance.
   */
  private void assertCountsPagesOnce(Runnable touching) {
    Faults faults = faultsOf(touching);

    assertThat(faults.user()).isBetween(PAGES * 98 / 100, faults.all());
  }

  private Faults faultsOf(Runnable action) {
    Rusage rusage = new Rusage();
    assertThat(rusage.readProcess()).isTrue();
    long allBefore = rusage.minorFaults() + rusage.majorFaults();
    long userBefore = sampling.userFaults();
    action.run();
    long user = sampling.userFaults() - userBefore;
    assertThat(rusage.readProcess()).isTrue();
    return new Faults(user, rusage.minorFaults() + rusage.majorFaults() - allBefore);
  }

  private static void startGrandchild() {
    Thread grandchild = new Thread(FaultSamplingTest::touchPages);
    grandchild.start();
    Threads.join(grandchild);
  }

  private static void touchPages() {
    try (AnonymousMemory memory = AnonymousMemory.ofPages(PAGES)) {
      memory.touch(0, memory.size);
    }
  }
}
