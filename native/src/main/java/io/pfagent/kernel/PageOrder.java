package io.pfagent.kernel;

import java.util.Locale;

/** The order in which pages are written, each once. */
public enum PageOrder {
  SEQUENTIAL,
  /** Shuffled, the same way every time, and the same way as in native/bench. */
  RANDOM;

  /** Marsaglia's xorshift64 starts with this. */
  private static final long SEED = 88172645463325252L;

  /** As the event {@code pfagent.CostCalibration} names it. */
  public String pattern() {
    return name().toLowerCase(Locale.ROOT);
  }

  int[] of(int pages) {
    int[] order = new int[pages];
    for (int i = 0; i < pages; i++) {
      order[i] = i;
    }
    if (this == RANDOM) {
      shuffle(order);
    }
    return order;
  }

  private static void shuffle(int[] order) {
    long random = SEED;
    for (int i = order.length - 1; i > 0; i--) {
      random ^= random << 13;
      random ^= random >>> 7;
      random ^= random << 17;
      int other = (int) Long.remainderUnsigned(random, i + 1L);
      int page = order[i];
      order[i] = order[other];
      order[other] = page;
    }
  }
}
