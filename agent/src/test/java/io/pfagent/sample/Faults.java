package io.pfagent.sample;

import io.pfagent.account.RegionKind;
import io.pfagent.kernel.NativeSymbols;
import java.lang.ref.WeakReference;

/** Samples as the resolver makes them. */
final class Faults {

  private static final NativeSymbols.Symbol MEMSET =
      new NativeSymbols.Symbol("libc.so.6", "memset");

  private Faults() {}

  /** A fault that a thread has raised just now in {@code memset}. */
  static ResolvedFault inMemset(SampledThreads.Known thread, long address) {
    return new ResolvedFault(
        System.nanoTime(),
        thread,
        0,
        RegionKind.MALLOC,
        address,
        -1,
        false,
        false,
        1,
        new CaughtStack.Leaf(0, MEMSET));
  }

  static SampledThreads.Known thread(int number) {
    return new SampledThreads.Known(
        number, 4711, new WeakReference<>(null), 12, "faulter", "faulter", false, 0, null);
  }
}
