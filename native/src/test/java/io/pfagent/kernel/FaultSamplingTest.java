package io.pfagent.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.nio.MappedByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever writes the samples, the kernel itself or a BPF program. */
@EnabledOnOs(OS.LINUX)
@ParameterizedClass(name = "by program: {0}")
@ValueSource(booleans = {false, true})
final class FaultSamplingTest extends SampledJvm {

  @Test
  void countsTheTouchedPagesOfThisThread() {
    assertCountsPagesOnce(SampledJvm::touchPages);
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
    open(8 << 20);
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
    open(8 << 20);
    stop.set(true);
    Threads.join(starter);
    assertCountsPagesOnce(SampledJvm::touchPages);
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
    long before = sampling.userFaults().all();
    String childFaults =
        ForkedJvm.ofThisHome().run(TouchingProcess.class, String.valueOf(PAGES)).strip();

    assertThat(Long.parseLong(childFaults)).isGreaterThanOrEqualTo(PAGES);
    assertThat(sampling.userFaults().all() - before).isLessThan(PAGES);
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
  void majorFaultsAreToldApart() throws Exception {
    MappedByteBuffer cold = coldFile();
    drain();
    samples.clear();

    assertThat(cold.get(0)).isZero();
    drain();
    assertSampledAsMajor(cold);
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

    // Other threads fault during the change, and both may count what they do.
    assertThat(faults.user()).isBetween(2 * PAGES * 98 / 100, faults.all() + 100);
  }

  @Test
  void aScaleMakesSamplesStandForMoreUntilEnoughIsTold() {
    sampling.setPeriod(100);
    drain();
    samples.clear();
    sampling.minorWeights().scale(2.5, 10 * 150 + 7);
    touchPages();
    List<Long> weights = new ArrayList<>();
    List<Long> periods = new ArrayList<>();
    sampling.drain(
        fault -> {
          weights.add(fault.weight());
          periods.add(fault.period());
        });

    assertThat(weights).hasSizeGreaterThan(12);
    assertThat(weights.subList(0, 10)).containsOnly(250L);
    assertThat(weights.get(10)).isEqualTo(107);
    assertThat(weights.subList(11, weights.size())).containsOnly(100L);
    assertThat(periods).containsOnly(100L);
    assertThat(sampling.minorWeights().takeToldBeyond()).isEqualTo(10 * 150 + 7);
    assertThat(sampling.minorWeights().takeToldBeyond()).isZero();
  }

  @Test
  void whatARingTooSmallLosesIsCounted() {
    close();
    open(32 << 10);
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
  void wakingEndsTheWait() {
    sampling.wake();
    assertThat(isOverAtOnce()).isTrue();
  }

  @Test
  void aRingThatIsAQuarterFullEndsTheWait() {
    close();
    open(512 << 10);
    drain();
    samples.clear();
    touchPages();
    assertThat(isOverAtOnce()).isTrue();
    drain();
    assertThat(samples).isNotEmpty().allSatisfy(sample -> assertThat(sample.tid()).isPositive());
  }

  @Test
  void closingGivesTheDescriptorsAndTheRingsBack() throws Exception {
    sampling.close();
    sampling = null;

    assertThat(openFiles())
        .noneMatch(target -> target.contains("perf_event") || target.contains("bpf"));
    assertThat(Files.readString(Path.of("/proc/self/maps"))).doesNotContain("bpf", "perf_event");
  }

  private static void startGrandchild() {
    Thread grandchild = new Thread(SampledJvm::touchPages);
    grandchild.start();
    Threads.join(grandchild);
  }
}
