package io.pfagent.prealloc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.pfagent.account.Region;
import io.pfagent.account.RegionKind;
import io.pfagent.account.RegionTable;
import io.pfagent.kernel.Residency;
import io.pfagent.prealloc.Change.Outcome;
import io.pfagent.prealloc.GivenSteps.Step;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is looked at in a second, and when waste ends a step; on memory that is described here. */
class GivenStepsTest {

  private static final long PAGE = 4096;
  private static final long MB = 1 << 20;
  private static final long UNIT = 2 * MB;
  private static final long TABLES = 1L << 40;
  private static final Plan PLAN = new Plan(512, null, true);

  private final Pages pages = new Pages();
  private final Lessons lessons = new Lessons();
  private final List<Change> told = new ArrayList<>();
  private final Set<Region> setByHand = new HashSet<>();
  private final Samples samples = new Samples();
  private final GivenSteps steps =
      new GivenSteps(
          new LiveRegions(new RegionTable()),
          setByHand::contains,
          samples,
          pages,
          new TouchCosts(asked -> Optional.empty(), PAGE),
          lessons,
          told::add);
  private long lastId;

  /** Each region has a terabyte of addresses to itself. */
  private static final class Pages implements PageView {
    private final List<Long> looked = new ArrayList<>();
    private long bytes;
    private double unusedShare;

    @Override
    public Residency residency(long address, long asked) {
      return note(address, asked, new Residency(0, 0));
    }

    @Override
    public long unusedBytes(long address, long asked) {
      return note(address, asked, Math.round(unusedShare * asked));
    }

    private <T> T note(long address, long asked, T answer) {
      looked.add(address / TABLES);
      bytes += asked;
      return answer;
    }
  }

  /** All are there. */
  private static final class Samples implements SampledFaults {
    private final List<Long> askedSince = new ArrayList<>();

    @Override
    public boolean areThere() {
      return true;
    }

    @Override
    public boolean areAllThereSince(long nanoTime) {
      return askedSince.add(nanoTime);
    }
  }

  @Test
  void aTrialGoesBySamplesOnlyIfNoneIsMissingSinceItBegan() {
    given(128 * MB, 0);

    steps.look(PLAN);

    assertThat(samples.askedSince)
        .singleElement()
        .satisfies(
            since ->
                assertThat(System.nanoTime() - since)
                    .isGreaterThanOrEqualTo(StepTrial.LEAST_NANOS));
  }

  @Test
  void regionsTakeTurns() {
    for (int i = 0; i < 10; i++) {
      given(128 * MB, 0);
    }

    steps.look(PLAN);
    assertThat(pages.looked).containsExactly(1L, 2L, 3L, 4L);
    pages.looked.clear();
    steps.look(PLAN);
    assertThat(pages.looked).containsExactly(5L, 6L, 7L, 8L);
    pages.looked.clear();
    steps.look(PLAN);
    assertThat(pages.looked).containsExactly(9L, 10L, 1L, 2L);
  }

  /** However large it is, and whether it is compared with what was before or watched for waste. */
  @Test
  void ofALargeRegionSomeIsLookedAt() {
    given(TABLES / 2, 0);
    Region large = region(TABLES / 2);
    steps.put(large, new Step(512, null, false, false));

    steps.look(PLAN);

    assertThat(pages.looked).contains(1L, 2L);
    assertThat(pages.bytes).isLessThanOrEqualTo(256 * MB);
    assertThat(large.unusedBytes()).isZero();
  }

  @Test
  void whereMostIsUnusedAStepIsTakenBackAndNotTriedOnItsLike() {
    Region region = given(TABLES / 2, -1);
    pages.unusedShare = 0.4;
    steps.look(PLAN);
    assertThat(told).isEmpty();
    assertThat((double) region.unusedBytes() / region.size()).isCloseTo(0.4, within(0.001));

    pages.unusedShare = 0.6;
    steps.look(PLAN);

    assertThat(told)
        .singleElement()
        .satisfies(
            change -> {
              assertThat(change.outcome()).isEqualTo(Outcome.UNDONE);
              assertThat(change.newPages()).isEqualTo(1);
              assertThat(change.message()).endsWith("of its bytes are resident and unused");
            });
    assertThat(lessons.againstIt(region(TABLES / 2), true, System.nanoTime())).isNotNull();
    pages.looked.clear();
    steps.look(PLAN);
    assertThat(pages.looked).as("nothing is given any more").isEmpty();
  }

  @Test
  void whatAnOperationSetsIsNotWatchedForWaste() {
    steps.put(region(64 * MB), new Step(512, null, true, false));
    pages.unusedShare = 1;

    steps.look(PLAN);

    assertThat(told).isEmpty();
  }

  @Test
  void whatAPersonSetsIsLeftAlone() {
    setByHand.add(given(64 * MB, -1));
    pages.unusedShare = 1;

    steps.look(PLAN);

    assertThat(told).isEmpty();
    assertThat(pages.looked).isEmpty();
  }

  @Test
  void oneCallerDecides() {
    Region region = region(64 * MB);

    assertThat(steps.claim(region)).isTrue();
    assertThat(steps.claim(region)).isFalse();
    assertThat(steps.contains(region)).isTrue();
  }

  /** A step that is being compared; a negative front means that it was judged already. */
  private Region given(long size, long front) {
    Region region = region(size);
    StepTrial trial = null;
    if (front >= 0) {
      Stretch stretch = Stretch.untouched(region, front, UNIT);
      long before = System.nanoTime() - StepTrial.LEAST_NANOS;
      trial = new StepTrial(region, stretch, 512, UNIT, Before.untouched(PAGE), 0, before);
    }
    steps.put(region, new Step(512, trial, false, false));
    return region;
  }

  private Region region(long size) {
    long address = ++lastId * TABLES;
    return new Region(lastId, RegionKind.UNSAFE, address, address, size, null, 0);
  }
}
