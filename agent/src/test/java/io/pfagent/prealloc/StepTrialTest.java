package io.pfagent.prealloc;

import static org.assertj.core.api.Assertions.assertThat;

import io.pfagent.account.FaultCount;
import io.pfagent.account.Region;
import io.pfagent.account.RegionKind;
import io.pfagent.kernel.FirstTouchCost;
import io.pfagent.kernel.Residency;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Verdicts on memory that is described here. */
class StepTrialTest {

  private static final long PAGE = 4096;
  private static final long UNIT = 512 * PAGE;
  private static final long BASE = 8L << 30;
  private static final long SIZE = 256 * UNIT;
  private static final long LATER = StepTrial.LEAST_NANOS;

  private final Region region = new Region(1, RegionKind.UNSAFE, BASE, BASE, SIZE, null, 0);
  private final Pages pages = new Pages();
  private double largeNanos = 100_000;
  private final TouchCosts costs =
      new TouchCosts(asked -> Optional.of(new FirstTouchCost(1000, largeNanos)), PAGE);

  /** What lies from the region's start on: first base pages, then others, then nothing. */
  private static final class Pages implements PageView {
    private long baseBytes;
    private long laterBytes;
    private boolean huge;
    private boolean sizesAreKnown = true;
    private double unusedShare;

    @Override
    public Residency residency(long address, long bytes) {
      long base = overlap(address, bytes, 0, baseBytes);
      long later = overlap(address, bytes, baseBytes, baseBytes + laterBytes);
      return new Residency(base + later, !sizesAreKnown ? -1 : huge ? later : 0);
    }

    @Override
    public long unusedBytes(long address, long bytes) {
      long later = overlap(address, bytes, baseBytes, baseBytes + laterBytes);
      return Math.round(unusedShare * later);
    }

    private static long overlap(long address, long bytes, long from, long to) {
      long start = Math.max(address, BASE + from);
      return Math.max(0, Math.min(address + bytes, BASE + to) - start);
    }
  }

  @Test
  void whatIsCheaperIsKept() {
    StepTrial trial = trialAfterWalking(16 * UNIT, 512, 0);
    pages.laterBytes = 8 * UNIT;
    pages.huge = true;

    StepTrial.Verdict verdict = look(trial, LATER);

    assertThat(verdict.kept()).isTrue();
    assertThat(verdict.reason())
        .isEqualTo("a touched page cost 0.20 us instead of 1.00 us, 100 % in large pages");
  }

  @Test
  void whereNoLargePagesCameItIsTakenBack() {
    StepTrial trial = trialAfterWalking(16 * UNIT, 512, 0);
    pages.laterBytes = 8 * UNIT;

    StepTrial.Verdict verdict = look(trial, LATER);

    assertThat(verdict.kept()).isFalse();
    assertThat(verdict.reason())
        .isEqualTo(
            "the kernel took the advice and gave no large pages: a touched page cost 1.00 us, and"
                + " 1.00 us before");
  }

  @Test
  void whereMostIsUnusedItIsTakenBack() {
    StepTrial trial = trialAfterWalking(16 * UNIT, 512, 0);
    pages.laterBytes = 8 * UNIT;
    pages.huge = true;
    pages.unusedShare = 0.9;

    StepTrial.Verdict verdict = look(trial, LATER);

    assertThat(verdict.kept()).isFalse();
    assertThat(verdict.reason())
        .isEqualTo(
            "14745 of 16384 kB handed out are unused: a touched page cost 1.95 us instead of"
                + " 1.00 us");
  }

  @Test
  void wherePartOfItIsUnusedTheCostDecides() {
    StepTrial trial = trialAfterWalking(16 * UNIT, 512, 0);
    pages.laterBytes = 8 * UNIT;
    pages.huge = true;
    pages.unusedShare = 0.7;

    assertThat(look(trial, LATER).reason()).startsWith("a touched page cost 0.65 us instead");
  }

  @Test
  void aGainBelowTheNoiseIsNone() {
    largeNanos = 0.97 * 512 * 1000;
    StepTrial trial = trialAfterWalking(16 * UNIT, 512, 0);
    pages.laterBytes = 8 * UNIT;
    pages.huge = true;

    StepTrial.Verdict verdict = look(trial, LATER);

    assertThat(verdict.kept()).isFalse();
    assertThat(verdict.reason())
        .isEqualTo("no gain: a touched page cost 0.97 us instead of 1.00 us");
  }

  @Test
  void withoutProgressThereIsNoVerdict() {
    StepTrial trial = trialAfterWalking(16 * UNIT, 512, 0);
    pages.huge = true;
    assertThat(look(trial, 100 * LATER)).isNull();

    pages.laterBytes = (StepTrial.FEWEST_UNITS - 1) * UNIT;
    assertThat(look(trial, 100 * LATER)).isNull();

    pages.laterBytes = StepTrial.FEWEST_UNITS * UNIT;
    assertThat(look(trial, 100 * LATER)).isNotNull();
  }

  @Test
  void norWithoutTime() {
    StepTrial trial = trialAfterWalking(16 * UNIT, 512, 0);
    pages.laterBytes = 8 * UNIT;
    pages.huge = true;

    assertThat(look(trial, LATER - 1)).isNull();
  }

  @Test
  void norWithoutTheCostOfWhatWasGiven() {
    largeNanos = 0;
    StepTrial trial = trialAfterWalking(16 * UNIT, 512, 0);
    pages.laterBytes = 8 * UNIT;
    pages.huge = true;

    assertThat(look(trial, LATER)).isNull();
    largeNanos = 100_000;
    assertThat(look(trial, LATER)).as("asked again too soon").isNull();
    assertThat(look(trial, 10 * LATER)).isNotNull();
  }

  /** All of what is about to be set is used, whatever it is set to. */
  @Test
  void whatIsSetToZeroIsNotUnused() {
    StepTrial trial = trialAfterWalking(0, 512, SIZE);
    pages.laterBytes = SIZE;
    pages.huge = true;
    pages.unusedShare = 1;

    assertThat(look(trial, LATER).kept()).isTrue();
  }

  /** Sizes below the largest are in no page map: the faults that are missing tell. */
  @Test
  void smallerLargePagesShowByMissingFaults() {
    largeNanos = 4000;
    StepTrial trial = trialAfterWalking(16 * UNIT, 16, 0);
    pages.laterBytes = 8 * UNIT;
    for (long fault = 0; fault < 8 * UNIT / PAGE / 16; fault += 100) {
      region.observe(BASE + 16 * UNIT + fault * 16 * PAGE, 0, 100);
    }

    StepTrial.Verdict verdict = look(trial, LATER);

    assertThat(verdict.kept()).isTrue();
    assertThat(verdict.reason()).startsWith("a touched page cost 0.2").contains(" instead of 1.00");
  }

  @Test
  void asManyFaultsAsPagesShowThatNoneCame() {
    StepTrial trial = trialAfterWalking(16 * UNIT, 16, 0);
    pages.laterBytes = 8 * UNIT;
    for (long page = 0; page < 8 * UNIT / PAGE; page += 100) {
      region.observe(BASE + 16 * UNIT + page * PAGE, 0, 100);
    }

    assertThat(look(trial, LATER).reason()).startsWith("the kernel took the advice and gave no");
  }

  @Test
  void thatNoFaultIsSeenTellsNothingWhereFewerThanASampleWouldBe() {
    StepTrial trial = trialAfterWalking(16 * UNIT, 16, 0);
    pages.laterBytes = 4 * UNIT;
    region.observe(BASE + 100 * UNIT, 0, 100_000);

    assertThat(look(trial, LATER)).isNull();
  }

  @Test
  void norWhereNoFaultsAreSampled() {
    StepTrial trial = trialAfterWalking(16 * UNIT, 16, 0);
    pages.laterBytes = 8 * UNIT;

    assertThat(trial.look(pages, false, costs, LATER)).isNull();
  }

  @Test
  void whatAnOperationTookIsCounted() {
    largeNanos = 4000;
    StepTrial trial = trialAfterWalking(0, 16, SIZE);
    pages.laterBytes = SIZE;
    region.add(new FaultCount(SIZE / PAGE / 16, 0));

    assertThat(trial.look(pages, false, costs, LATER).reason())
        .isEqualTo("a touched page cost 0.25 us instead of 1.00 us, 100 % in large pages");
  }

  /** Kernels before 6.7 don't tell huge pages apart. */
  @Test
  void whereThePageMapTellsNoSizesFaultsDo() {
    pages.sizesAreKnown = false;
    StepTrial trial = trialAfterWalking(16 * UNIT, 512, 0);
    pages.laterBytes = 8 * UNIT;
    pages.huge = true;

    assertThat(look(trial, LATER).kept()).isTrue();
  }

  @Test
  void aLargeRegionIsLookedAtAheadOfWhereItIsTouched() {
    region.observe(BASE + 100 * UNIT, 0, 100);
    Stretch stretch = Stretch.of(region, region.pattern().front(), UNIT, pages);

    assertThat(stretch.start()).isEqualTo(BASE + 100 * UNIT);
    assertThat(stretch.bytes()).isEqualTo(Stretch.MOST_UNITS * UNIT);
    assertThat(stretch.emptyUnits()).isEqualTo(Stretch.MOST_UNITS);
    assertThat(Stretch.of(region, SIZE, UNIT, pages).start())
        .isEqualTo(BASE + SIZE - Stretch.MOST_UNITS * UNIT);
  }

  /** What was there before says nothing of the step. */
  @Test
  void onlyWhatWasEmptyCounts() {
    pages.baseBytes = 60 * UNIT - PAGE;
    Stretch stretch = Stretch.of(region, 0, UNIT, pages);
    assertThat(stretch.emptyUnits()).isEqualTo(4);
    StepTrial trial = new StepTrial(region, stretch, 512, UNIT, Before.untouched(PAGE), 0, 0);
    assertThat(look(trial, LATER)).isNull();

    pages.laterBytes = 4 * UNIT + PAGE;
    pages.huge = true;
    assertThat(look(trial, LATER).reason())
        .isEqualTo("a touched page cost 0.20 us instead of 1.00 us, 100 % in large pages");
  }

  @Test
  void whereItIsTouchedElsewhereByThenItIsLookedAtThere() {
    StepTrial trial = trialAfterWalking(16 * UNIT, 512, 0);
    region.observe(BASE + 150 * UNIT, 0, 100);
    assertThat(look(trial, 10 * LATER)).isNull();

    pages.baseBytes = 150 * UNIT;
    pages.laterBytes = 8 * UNIT;
    pages.huge = true;
    assertThat(look(trial, 11 * LATER).kept()).isTrue();
  }

  /** Walked through so far in base pages, each by its own fault; one in 100 a sample. */
  private StepTrial trialAfterWalking(long bytes, int largePages, long filledBytes) {
    pages.baseBytes = bytes;
    for (long page = 0; page < bytes / PAGE; page += 100) {
      region.observe(BASE + page * PAGE, 0, 100);
    }
    Before before = bytes == 0 ? Before.untouched(PAGE) : Before.of(region, PAGE, pages);
    Stretch stretch = Stretch.of(region, bytes, UNIT, pages);
    return new StepTrial(region, stretch, largePages, UNIT, before, filledBytes, 0);
  }

  private StepTrial.Verdict look(StepTrial trial, long nanos) {
    return trial.look(pages, true, costs, nanos);
  }
}
