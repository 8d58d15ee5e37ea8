package io.pfagent.app;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Fails if a new segment of an arena is not zero; dirties each before it is freed. */
public final class CheckArenaZeros {

  private static final long[] SIZES = {100_000, 1 << 20, 2_500_000, 5 << 20, 33 << 20};
  private static final int ROUNDS = 4;

  private CheckArenaZeros() {}

  public static void main(String[] arguments) {
    for (int round = 0; round < ROUNDS; round++) {
      for (long size : SIZES) {
        try (Arena arena = Arena.ofConfined()) {
          check(arena.allocate(size, round % 2 == 0 ? 1 : 1 << 16));
        }
      }
    }
    System.out.println("all zero");
  }

  private static void check(MemorySegment segment) {
    for (long at = 0; at < segment.byteSize(); at++) {
      if (segment.get(ValueLayout.JAVA_BYTE, at) != 0) {
        throw new IllegalStateException("not zero at " + at);
      }
    }
    segment.fill((byte) 0x5a);
  }
}
