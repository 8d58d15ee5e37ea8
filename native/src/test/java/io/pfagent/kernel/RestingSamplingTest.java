package io.pfagent.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.MappedByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** The counting of faults rests, of minor ones or of all, and goes on. */
@EnabledOnOs(OS.LINUX)
@ParameterizedClass(name = "by program: {0}")
@ValueSource(booleans = {false, true})
final class RestingSamplingTest extends SampledJvm {

  @Test
  void minorFaultsGoByUncountedInARestOnly() {
    touchPages();
    sampling.rest();
    drain();
    assertFaultsGoByUntilThePeriodIsSet();
  }

  @Test
  void inARestOfAllNoEventIsLeft() {
    close();
    long before = openEvents();
    open(8 << 20);
    sampling.restEntirely();
    drain();
    assertThat(openEvents()).isEqualTo(before);

    assertFaultsGoByUntilThePeriodIsSet();
  }

  @Test
  void afterARestOfAllMajorFaultsCountAgain() throws Exception {
    sampling.restEntirely();
    drain();
    assertThat(sampling.setPeriod(1_000_000)).isEmpty();
    MappedByteBuffer cold = coldFile();
    samples.clear();

    assertThat(cold.get(0)).isZero();
    drain();
    assertSampledAsMajor(cold);
  }

  @Test
  void majorFaultsStandForMoreByThemselves() throws Exception {
    MappedByteBuffer cold = coldFile();
    drain();
    samples.clear();
    sampling.majorWeights().scale(5, 3);
    touchPages();
    assertThat(cold.get(0)).isZero();
    drain();

    long address = LibC.address(cold);
    assertThat(samples)
        .filteredOn(TakenSample::major)
        .filteredOn(sample -> sample.address() == address)
        .extracting(TakenSample::weight)
        .containsExactly(4L);
    assertThat(samples)
        .filteredOn(sample -> !sample.major())
        .isNotEmpty()
        .allMatch(s -> s.weight() == sampling.period());
    assertThat(sampling.majorWeights().takeToldBeyond()).isEqualTo(3);
    assertThat(sampling.minorWeights().takeToldBeyond()).isZero();
  }

  @Test
  void afterARestOfMinorFaultsMajorOnesCountOnce() throws Exception {
    sampling.rest();
    assertThat(sampling.setPeriod(1_000_000)).isEmpty();
    MappedByteBuffer cold = coldFile();
    drain();
    samples.clear();

    assertThat(cold.get(0)).isZero();
    drain();
    assertSampledAsMajor(cold);
  }

  @Test
  void whatWasCountedStaysCountedInARestOfAll() throws Exception {
    assertThat(sampling.setPeriod(1_000_000)).isEmpty();
    MappedByteBuffer cold = coldFile();
    touchPages();
    sampling.rest();
    long minorRests = sampling.userFaults().all();
    for (int page = 0; page < cold.capacity(); page += 4096) {
      assertThat(cold.get(page)).isZero();
    }
    long major = sampling.userFaults().all();
    assertThat(major).isGreaterThan(minorRests);
    sampling.restEntirely();

    assertThat(sampling.userFaults().all()).isGreaterThanOrEqualTo(major);
    assertThat(sampling.setPeriod(1)).isEmpty();
    assertThat(sampling.userFaults().all()).isGreaterThanOrEqualTo(major);
  }

  @Test
  void whatTheRingsStillHoldIsReadInARestOfAll() {
    close();
    open(32 << 10);
    touchPages();
    drain();
    // The kernel tells of a loss with the next sample that finds room.
    touchPages();
    samples.clear();
    sampling.restEntirely();
    drain();

    assertThat(samples).isNotEmpty();
    assertThat(sampling.takeLost()).isPositive();
    assertThat(sampling.takeLost()).isZero();
  }

  @Test
  void wakingEndsTheWaitInARestOfAll() {
    sampling.restEntirely();
    drain();
    Thread waker = new Thread(sampling::wake);
    waker.start();
    assertThat(isOverAtOnce()).isTrue();
    Threads.join(waker);
  }

  private void assertFaultsGoByUntilThePeriodIsSet() {
    assertThat(sampling.isResting()).isTrue();
    long counted = sampling.userFaults().all();
    samples.clear();
    touchPages();
    drain();
    assertThat(sampling.userFaults().all()).isEqualTo(counted);
    assertThat(samples).isEmpty();

    assertThat(sampling.setPeriod(1)).isEmpty();
    assertThat(sampling.isResting()).isFalse();
    assertCountsPagesOnce(SampledJvm::touchPages);
    drain();
    assertThat(samples).hasSizeGreaterThanOrEqualTo((int) PAGES);
  }

  private static long openEvents() {
    return openFiles().stream().filter(target -> target.equals("anon_inode:[perf_event]")).count();
  }
}
