package io.pfagent.sample;

import static org.assertj.core.api.Assertions.assertThat;

import io.pfagent.sample.ClassSpans.Mark;
import org.junit.jupiter.api.Test;

class ClassSpansTest {

  private final ClassSpans spans = new ClassSpans();

  @Test
  void whatWasThereBeforeSamplingBeganIsOutside() {
    spans.begin(new Mark(1_000, 40));

    assertThat(spans.unsampledFaults()).isEqualTo(960);
    assertThat(spans.userFaults(new Mark(1_100, 120))).isEqualTo(120);
    assertThat(spans.restedFaults(new Mark(1_100, 120))).isZero();
  }

  @Test
  void whatGoesByWhileSamplingIsOffIsOutside() {
    spans.begin(new Mark(100, 0));
    spans.end(new Mark(300, 150));
    spans.begin(new Mark(1_000, 10));

    assertThat(spans.unsampledFaults()).isEqualTo(100 + 690);
    assertThat(spans.userFaults(new Mark(1_100, 60))).isEqualTo(150 + 60);
  }

  @Test
  void whatGoesByInARestIsSharedAsBefore() {
    spans.begin(new Mark(0, 0));
    spans.rest(new Mark(400, 300));

    assertThat(spans.userShare()).isEqualTo(0.75);
    assertThat(spans.isResting()).isTrue();
    assertThat(spans.userFaults(new Mark(1_400, 300))).isEqualTo(300 + 750);
    assertThat(spans.restedFaults(new Mark(1_400, 300))).isEqualTo(1_000);

    spans.goOn(new Mark(1_400, 300));
    assertThat(spans.isResting()).isFalse();
    assertThat(spans.restedFaults()).isEqualTo(1_000);
    assertThat(spans.userFaults(new Mark(1_500, 350))).isEqualTo(350 + 750);
  }

  @Test
  void theShareIsThatOfTheLastCounting() {
    spans.begin(new Mark(0, 0));
    spans.rest(new Mark(100, 100));
    spans.goOn(new Mark(1_000, 100));
    spans.rest(new Mark(1_200, 150));

    assertThat(spans.userShare()).isEqualTo(0.25);
  }

  @Test
  void untilSomeWereCountedAllAreTheApplications() {
    spans.begin(new Mark(50, 0));
    spans.rest(new Mark(50, 0));

    assertThat(spans.userFaults(new Mark(90, 0))).isEqualTo(40);
  }

  @Test
  void eventsThatTakeOverCountFromZero() {
    spans.begin(new Mark(0, 0));
    spans.replace(80);

    assertThat(spans.userFaults(new Mark(200, 15))).isEqualTo(95);
  }

  @Test
  void anEndInARestKeepsWhatWentBy() {
    spans.begin(new Mark(0, 0));
    spans.rest(new Mark(100, 50));
    spans.end(new Mark(300, 50));

    assertThat(spans.restedFaults()).isEqualTo(200);
    spans.begin(new Mark(300, 0));
    assertThat(spans.userFaults(new Mark(300, 0))).isEqualTo(50 + 100);
    assertThat(spans.unsampledFaults()).isZero();
  }

  @Test
  void whatEventsCountInARestDidNotGoBy() {
    spans.begin(new Mark(0, 0));
    spans.rest(new Mark(100, 100));
    // They end a moment later than the rest began.
    Mark now = new Mark(150, 160);

    assertThat(spans.restedFaults(now)).isZero();
    assertThat(spans.userFaults(now)).isEqualTo(160);
  }
}
