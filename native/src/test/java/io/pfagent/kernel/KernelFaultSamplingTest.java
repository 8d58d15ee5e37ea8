package io.pfagent.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Faults that the kernel raises in a system call, where it may be watched. */
@EnabledOnOs(OS.LINUX)
final class KernelFaultSamplingTest {

  private static final int PAGES = 10_000;
  private static final int RING_BYTES = 8 << 20;

  private final List<TakenSample> samples = new ArrayList<>();
  private FaultSampling sampling;

  @AfterEach
  void close() {
    if (sampling != null) {
      sampling.close();
    }
  }

  @Test
  void eachIsASampleOfTheThreadThatCalled() {
    open(SampleLayout.leaf(), 1);
    try (AnonymousMemory memory = AnonymousMemory.ofPages(PAGES)) {
      long start = System.nanoTime();
      memory.fillByKernel();
      long end = System.nanoTime();

      List<TakenSample> inside = samplesIn(memory);
      assertThat(inside.stream().map(sample -> sample.address() / LibC.pageSize()).distinct())
          .hasSize(PAGES);
      assertThat(inside)
          .hasSize(PAGES)
          .allSatisfy(
              sample -> {
                assertThat(sample.inKernel()).isTrue();
                assertThat(sample.major()).isFalse();
                assertThat(sample.weight()).isEqualTo(1);
                assertThat(sample.tid()).isEqualTo(Tasks.currentThreadId());
                assertThat(sample.nanoTime()).isBetween(start, end);
                assertThat(sample.stackPointer()).isNotZero();
              });
      assertThat(functions(inside)).containsExactly("read");
    }
  }

  @Test
  void whatTheProgramTouchesItselfIsNotAmongThem() {
    open(SampleLayout.leaf(), 1);
    try (AnonymousMemory memory = AnonymousMemory.ofPages(PAGES)) {
      memory.touch(0, memory.size);

      assertThat(samplesIn(memory)).hasSize(PAGES).noneMatch(TakenSample::inKernel);
    }
  }

  @Test
  void aStackIsThatOfTheCaller() {
    open(SampleLayout.leaf().withStack(0, 1024), 1);
    try (AnonymousMemory memory = AnonymousMemory.ofPages(1_000)) {
      memory.fillByKernel();

      List<TakenSample> inside = samplesIn(memory);
      assertThat(inside).hasSize(1_000).allMatch(sample -> sample.stackBytes() == 1024);
      assertThat(functions(inside)).containsExactly("read");
    }
  }

  @Test
  void aChainHoldsNothingOfTheKernel() {
    open(SampleLayout.leaf().withChain(16), 1);
    try (AnonymousMemory memory = AnonymousMemory.ofPages(1_000)) {
      memory.fillByKernel();

      List<TakenSample> inside = samplesIn(memory);
      assertThat(inside).hasSize(1_000);
      assertThat(functions(inside)).containsExactly("read");
      // The upper half of all addresses is the kernel's.
      assertThat(inside)
          .flatExtracting(TakenSample::chain)
          .isNotEmpty()
          .allMatch(pc -> (long) pc > 0);
    }
  }

  @Test
  void theirPeriodIsThatOfTheOthersAndChangesWithIt() {
    open(SampleLayout.leaf(), 10);
    assertThat(sampling.setPeriod(50)).isEmpty();
    try (AnonymousMemory memory = AnonymousMemory.ofPages(PAGES)) {
      memory.fillByKernel();

      assertThat(samplesIn(memory)).allMatch(sample -> sample.weight() == 50);
      long estimate = samplesIn(memory).stream().mapToLong(TakenSample::weight).sum();
      assertThat(estimate).isCloseTo(PAGES, withinPercentage(5));
    }
  }

  @Test
  void whatStillLiesInARingKeepsItsPeriod() {
    open(SampleLayout.leaf(), 10);
    try (AnonymousMemory memory = AnonymousMemory.ofPages(1_000)) {
      memory.fillByKernel();
      sampling.setPeriod(20);
      sampling.setPeriod(30);

      assertThat(samplesIn(memory)).isNotEmpty().allMatch(sample -> sample.weight() == 10);
      assertThat(samplesIn(memory)).allMatch(TakenSample::inKernel);
    }
  }

  private void open(SampleLayout layout, long period) {
    FaultSampling.Opened opened = FaultSampling.open(new SampleSetUp(layout, RING_BYTES), period);
    assumeTrue(opened.sampling().isPresent(), () -> opened.capability().reason());
    sampling = opened.sampling().get();
    assumeTrue(sampling.inKernel().available(), () -> sampling.inKernel().reason());
  }

  private List<TakenSample> samplesIn(AnonymousMemory memory) {
    sampling.drain(fault -> samples.add(TakenSample.of(fault)));
    assertThat(sampling.takeLost()).isZero();
    return samples.stream().filter(sample -> sample.isIn(memory)).toList();
  }

  /** The functions that have called the kernel. */
  private static List<String> functions(List<TakenSample> samples) {
    NativeSymbols symbols = new NativeSymbols();
    return samples.stream()
        .map(sample -> symbols.find(sample.programCounter()))
        .flatMap(Optional::stream)
        .map(NativeSymbols.Symbol::function)
        .distinct()
        .toList();
  }
}
