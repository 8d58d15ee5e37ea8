package io.pfagent.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import org.junit.jupiter.api.Test;

final class CapabilityTest {

  @Test
  void availableHasNoReasonAndNoFallback() {
    assertThat(Capability.available("x")).isEqualTo(new Capability("x", true, "", ""));
  }

  @Test
  void refusesNulls() {
    assertThatNullPointerException().isThrownBy(() -> new Capability(null, true, "", ""));
    assertThatNullPointerException().isThrownBy(() -> new Capability("x", false, null, ""));
    assertThatNullPointerException().isThrownBy(() -> new Capability("x", false, "", null));
  }
}
