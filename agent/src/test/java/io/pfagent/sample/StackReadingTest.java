package io.pfagent.sample;

import static org.assertj.core.api.Assertions.assertThat;

import io.pfagent.kernel.FaultRecord;
import io.pfagent.kernel.SampleLayout;
import io.pfagent.kernel.SampleSetUp;
import org.junit.jupiter.api.Test;

class StackReadingTest {

  private static final int RING_BYTES = 16 << 20;
  private static final int SMALL_RING_BYTES = 512 << 10;
  private static final SampleSetUp SMALL =
      new SampleSetUp(SampleLayout.leaf().withStack(0, 16 << 10), RING_BYTES);

  private final Source source = new Source();
  private final StackReading reading = new StackReading(source, SMALL, 5_000);

  @Test
  void copiesThatFitStay() {
    source.saw(1_000, 5);

    assertThat(reading.adapted(SMALL, RING_BYTES, true)).isSameAs(SMALL);
    source.saw(1_000, 5);
    assertThat(reading.adapted(SMALL, RING_BYTES, false)).isSameAs(SMALL);
  }

  @Test
  void whileItStartsAFewStacksTell() {
    source.saw(10, 1);
    SampleSetUp grown = reading.adapted(SMALL, RING_BYTES, true);

    assertThat(grown.layout().stackBytes()).isEqualTo(32 << 10);
    assertThat(grown.ringBytes()).isEqualTo(2 * RING_BYTES);
    assertThat(reading.adapted(grown, RING_BYTES, true)).isSameAs(grown);
  }

  @Test
  void afterTheStartTheyAreSmallAgain() {
    source.saw(10, 1);
    SampleSetUp grown = reading.adapted(SMALL, RING_BYTES, true);

    assertThat(reading.adapted(grown, RING_BYTES, false)).isEqualTo(SMALL);
    source.saw(100, 50);
    assertThat(reading.adapted(SMALL, RING_BYTES, false)).as("too few tell").isSameAs(SMALL);
  }

  @Test
  void whatIsNeededLaterStays() {
    source.saw(1_000, 20);
    SampleSetUp grown = reading.adapted(SMALL, RING_BYTES, false);

    assertThat(grown.layout().stackBytes()).isEqualTo(32 << 10);
    assertThat(reading.adapted(grown, RING_BYTES, false)).isSameAs(grown);
  }

  @Test
  void whereRingsAreSmallMoreStacksMustNotFit() {
    source.saw(1_000, 50);
    assertThat(reading.adapted(SMALL, SMALL_RING_BYTES, true)).isSameAs(SMALL);

    source.saw(1_000, 200);
    assertThat(reading.adapted(SMALL, SMALL_RING_BYTES, true).layout().stackBytes())
        .isEqualTo(32 << 10);
  }

  /** Tells what a test says it has seen. */
  private static final class Source implements StackSource {
    private int walks;
    private int truncated;

    void saw(int newWalks, int newTruncated) {
      walks = newWalks;
      truncated = newTruncated;
    }

    @Override
    public CaughtStack read(FaultRecord fault) {
      return CaughtStack.Unknown.INSTANCE;
    }

    @Override
    public double takeTruncatedShare(int fewest) {
      return walks < fewest ? 0 : (double) truncated / walks;
    }
  }
}
