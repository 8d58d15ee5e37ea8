package io.pfagent.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.pfagent.report.AccessPattern.Pattern;
import java.util.SplittableRandom;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Places and orders of faults, as programs make them. */
final class AccessPatternTest {

  private static final long PAGE = 4096;
  private static final long PAGES = 16_384;

  /** As malloc gives it: 16 bytes behind the begin of a page. */
  private static final long BASE = 0x7f00_0000_0010L;

  private long nanos;

  /**
   * One thread faults at {@code page} of 0, 1, 2 ..., of which one in {@code period} is sampled.
   */
  private Pattern pattern(long faults, long period, LongUnaryOperator page) {
    AccessPattern pattern = new AccessPattern(PAGES * PAGE, PAGE);
    for (long i = 0; i < faults; i += period) {
      accept(pattern, 1, page.applyAsLong(i), period);
    }
    return pattern.find();
  }

  private void accept(AccessPattern pattern, long thread, long page, long weight) {
    pattern.accept(nanos++, thread, page * PAGE, BASE + page * PAGE, weight);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 10, 100, 500})
  void sequential(long period) {
    assertThat(pattern(PAGES, period, page -> page))
        .returns("all over", Pattern::where)
        .returns("sequential", Pattern::order)
        .returns(1L, Pattern::stridePages);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 10, 100})
  void backwards(long period) {
    assertThat(pattern(PAGES, period, page -> PAGES - 1 - page))
        .returns("all over", Pattern::where)
        .returns("backwards", Pattern::order);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 10, 100, 500})
  void random(long period) {
    SplittableRandom random = new SplittableRandom(7);
    assertThat(pattern(PAGES, period, page -> random.nextLong(PAGES)))
        .returns("all over", Pattern::where)
        .returns("random", Pattern::order)
        .returns(1L, Pattern::stridePages);
  }

  @ParameterizedTest
  @ValueSource(longs = {2, 16, 512})
  void stride(long pages) {
    assertThat(pattern(PAGES / pages, 1, fault -> fault * pages))
        .returns("sequential", Pattern::order)
        .returns(pages, Pattern::stridePages);
  }

  /** The sampling period is not taken for a part of the stride. */
  @Test
  void sampledStride() {
    assertThat(pattern(PAGES / 4, 10, fault -> fault * 4)).returns(4L, Pattern::stridePages);
  }

  @Test
  void randomStride() {
    SplittableRandom random = new SplittableRandom(7);
    assertThat(pattern(500, 1, fault -> 16 * random.nextLong(PAGES / 16)))
        .returns("random", Pattern::order)
        .returns(16L, Pattern::stridePages);
  }

  @Test
  void headTailAndMiddle() {
    assertThat(pattern(1_000, 1, page -> page).where()).isEqualTo("head");
    assertThat(pattern(1_000, 1, page -> PAGES - 1_000 + page).where()).isEqualTo("tail");
    assertThat(pattern(PAGES / 4, 1, page -> PAGES / 2 + page).where()).isEqualTo("50 to 75 %");
    assertThat(pattern(1_000, 1, page -> page % 2 * (PAGES / 2) + page).where())
        .isEqualTo("some places");
  }

  @Test
  void twoPlacesInTurnAreSequential() {
    assertThat(pattern(PAGES, 1, fault -> fault % 2 * (PAGES / 2) + fault / 2))
        .returns("sequential", Pattern::order);
  }

  @Test
  void threadsAreLookedAtOneByOne() {
    AccessPattern pattern = new AccessPattern(PAGES * PAGE, PAGE);
    for (long page = 0; page < PAGES / 8; page++) {
      for (long thread = 0; thread < 8; thread++) {
        accept(pattern, thread, thread * (PAGES / 8) + page, 1);
      }
    }
    assertThat(pattern.find()).returns("sequential", Pattern::order);
  }

  @Test
  void fewSamplesSayNothing() {
    assertThat(pattern(15, 1, page -> page))
        .returns("few samples", Pattern::where)
        .returns(null, Pattern::order)
        .returns(1L, Pattern::stridePages);
  }

  @Test
  void offsetsOutsideTheRegionAreLeftOut() {
    AccessPattern pattern = new AccessPattern(PAGE, PAGE);
    accept(pattern, 1, -1, 1);
    accept(pattern, 1, 1, 1);
    assertThat(pattern.find().parts()).containsOnly(0L);
  }
}
