package io.pfagent.prealloc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pfagent.kernel.HugePageSizes;
import io.pfagent.kernel.SystemSettings;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Who preallocates how much, on machines that are described here. */
class BackendsTest {

  private static final long MB = 1 << 20;

  @Test
  void anOrdinaryUserGetsTheSizeOfAPageTable() {
    Backends backends = backends("madvise", Map.of(64L << 10, "never", 2 * MB, "inherit"));

    Backends.Choice choice = backends.choose("auto", 16);
    assertThat(choice.backend().name()).isEqualTo("thp");
    assertThat(choice.pages()).isEqualTo(512);
    assertThat(backends.supportedPages("auto")).containsExactly(1, 512);
    assertThat(backends.describe())
        .anySatisfy(line -> assertThat(line).startsWith("populate: no, needs sampled faults"))
        .anySatisfy(
            line -> assertThat(line).startsWith("multi_page_alloc: no, this kernel has no"));
  }

  @Test
  void aSizeThatIsEnabledAlreadyIsUsed() {
    Backends backends = backends("madvise", Map.of(64L << 10, "madvise", 2 * MB, "inherit"));

    assertThat(backends.choose("auto", 16).backend().name()).isEqualTo("mthp");
    assertThat(backends.choose("auto", 10).pages()).isEqualTo(16);
    assertThat(backends.choose("auto", 17).backend().name()).isEqualTo("thp");
    assertThat(backends.choose("auto", 512).backend().name()).isEqualTo("thp");
    assertThat(backends.choose("mthp", 512).pages()).isEqualTo(512);
  }

  @Test
  void whereNoneIsLargeEnoughTheNextBelowIsGiven() {
    Backends backends = backends("never", Map.of(64L << 10, "madvise", 2 * MB, "inherit"));

    assertThat(backends.choose("auto", 100).pages()).isEqualTo(16);
  }

  @Test
  void whyNothingCanBeHad() {
    Backends backends = backends("never", Map.of(64L << 10, "never", 2 * MB, "inherit"));

    assertThatThrownBy(() -> backends.choose("auto", 16))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("thp: transparent_hugepage/enabled is never")
        .hasMessageContaining("mthp: no size is enabled")
        .hasMessageContaining("multi_page_alloc: this kernel has no");
    assertThatThrownBy(() -> backends.check("magic"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("auto, multi_page_alloc, thp, mthp, populate");
  }

  @Test
  void aTrialKeepsWhatIsFaster() {
    assertThat(trial(50, 100).isKept()).isTrue();
    assertThat(trial(99, 100).isKept()).isFalse();
    assertThat(trial(120, 100).isKept()).isFalse();
    assertThat(trial(50, 100).describe()).contains("kept");
  }

  /** Each second allocation is tried with; once decided, all go the same way. */
  private static Trial trial(double with, double without) {
    Trial trial = new Trial();
    int decisions = 0;
    for (int i = 0; i < 20; i++) {
      boolean advised = trial.nextIsAdvised();
      decisions += trial.measured(advised, advised ? with : without) ? 1 : 0;
    }
    assertThat(decisions).isEqualTo(1);
    assertThat(trial.nextIsAdvised()).isEqualTo(trial.isKept());
    return trial;
  }

  private static Backends backends(String enabled, Map<Long, String> words) {
    HugePageSizes sizes = new HugePageSizes(4096, 2 * MB, enabled, new TreeMap<>(words));
    SystemSettings settings = SystemSettings.ofThisMachine();
    return new Backends(
        List.of(
            new MultiPageBackend(Optional.empty()),
            HugePageBackend.thp(() -> sizes, settings),
            HugePageBackend.mthp(() -> sizes, settings, false),
            new PopulateBackend(null, new FixedSamples(false))),
        4096);
  }
}
