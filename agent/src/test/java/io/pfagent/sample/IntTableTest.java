package io.pfagent.sample;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class IntTableTest {

  private static final int KEYS = 10_000;

  private final IntTable table = new IntTable();

  @Test
  void keepsWhatItWasGivenWhileItGrows() {
    for (int i = 0; i < KEYS; i++) {
      assertThat(table.get(key(i))).isEqualTo(IntTable.NONE);
      table.put(key(i), i);
    }
    for (int i = 0; i < KEYS; i++) {
      assertThat(table.get(key(i))).isEqualTo(i);
    }
  }

  @Test
  void anyKeyMayHaveAnyValueFromZero() {
    table.put(0, 0);
    table.put(-1, Integer.MAX_VALUE - 1);
    table.put(Integer.MIN_VALUE, 7);

    assertThat(table.get(0)).isZero();
    assertThat(table.get(-1)).isEqualTo(Integer.MAX_VALUE - 1);
    assertThat(table.get(Integer.MIN_VALUE)).isEqualTo(7);
  }

  @Test
  void theLastValueCounts() {
    for (int i = 0; i < KEYS; i++) {
      table.put(5, i);
    }

    assertThat(table.get(5)).isEqualTo(KEYS - 1);
    assertThat(table.get(6)).isEqualTo(IntTable.NONE);
  }

  @Test
  void forgetsAll() {
    table.put(1, 10);
    table.clear();

    assertThat(table.get(1)).isEqualTo(IntTable.NONE);
    table.put(1, 11);
    assertThat(table.get(1)).isEqualTo(11);
  }

  /** Neighbours, negative ones, and such that differ in their high bits only. */
  private static int key(int i) {
    return switch (i % 3) {
      case 0 -> i;
      case 1 -> -i;
      default -> i << 16;
    };
  }
}
