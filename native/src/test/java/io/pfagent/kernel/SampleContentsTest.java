package io.pfagent.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** What a sample holds besides address, thread and time. */
@EnabledOnOs(OS.LINUX)
final class SampleContentsTest {

  private static final long PAGES = 2_000;

  /** {@code PERF_CONTEXT_MAX} of perf_event_open(2). */
  private static final long FIRST_MARK = -4095;

  @Test
  void aChainHoldsNoMarks() {
    List<TakenSample> samples = new ArrayList<>();
    try (FaultSampling sampling = open(SampleLayout.leaf().withChain(16))) {
      touchPages();
      sampling.drain(fault -> samples.add(TakenSample.of(fault)));
    }

    assertThat(samples).isNotEmpty();
    assertThat(samples)
        .allSatisfy(sample -> assertThat(sample.chain()).hasSizeLessThanOrEqualTo(16));
    // What else follows a frame pointer that is none may be any word of the stack.
    assertThat(samples)
        .flatExtracting(TakenSample::chain)
        .allSatisfy(address -> assertThat(Long.compareUnsigned(address, FIRST_MARK)).isNegative());
  }

  @Test
  void aStackIsCopiedFromTheStackPointerOn() {
    record Copy(long stack, int bytes, long registers, long stackPointer) {}
    List<Copy> copies = new ArrayList<>();
    try (FaultSampling sampling = open(SampleLayout.leaf().withStack(0, 1024))) {
      touchPages();
      sampling.drain(
          fault ->
              copies.add(
                  new Copy(
                      fault.stackAddress(),
                      fault.stackBytes(),
                      fault.registersAddress(),
                      fault.stackPointer())));
    }

    assertThat(copies).isNotEmpty();
    assertThat(copies)
        .allSatisfy(
            copy -> {
              assertThat(copy.stack).isGreaterThan(copy.registers);
              assertThat(copy.bytes).isBetween(8, 1024);
              assertThat(copy.stackPointer).isNotZero();
            });
  }

  private static FaultSampling open(SampleLayout layout) {
    FaultSampling.Opened opened = FaultSampling.open(new SampleSetUp(layout, 8 << 20), 1);
    assumeTrue(opened.sampling().isPresent(), () -> "skipped: " + opened.capability().reason());
    return opened.sampling().get();
  }

  private static void touchPages() {
    try (AnonymousMemory memory = AnonymousMemory.ofPages(PAGES)) {
      memory.touch(0, memory.size);
    }
  }
}
