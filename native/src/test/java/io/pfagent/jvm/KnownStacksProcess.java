package io.pfagent.jvm;

import io.pfagent.kernel.FaultRing;
import io.pfagent.kernel.FreshPages;

/**
 * Samples its own page faults and compares their stacks with the truth. Arguments: rounds, pages at
 * most.
 */
final class KnownStacksProcess {

  private static final int STACK_BYTES = 48 * 1024;
  private static final int RING_BYTES = 128 << 20;

  private KnownStacksProcess() {}

  public static void main(String[] arguments) throws Exception {
    int rounds = Integer.parseInt(arguments[0]);
    int pages = Integer.parseInt(arguments[1]);
    try (CodeMap code = CodeMap.load();
        StackUnwinder unwinder = UnloadedClasses.unwinder(code)) {
      if (!unwinder.capability().available()) {
        throw new IllegalStateException(unwinder.capability().reason());
      }
      // With -Xcomp, the drain thread's own first steps take longer than some code lives.
      measure(code, unwinder, rounds / 3, pages / 3);
      Tally tally = measure(code, unwinder, rounds, pages);
      System.out.println(tally);
      System.out.printf("physical %.3f of %d%n", tally.percent(tally.physical), tally.samples);
    }
  }

  private static Tally measure(CodeMap code, StackUnwinder unwinder, int rounds, int pages)
      throws Exception {
    Tally tally = new Tally();
    Truth truth = new Truth(FreshPages.of(pages), tally);
    long mask = unwinder.registerMask();
    try (FaultRing ring = FaultRing.ofFaults(mask, STACK_BYTES, RING_BYTES);
        SampledStacks sampled = new SampledStacks(code, unwinder, ring, truth)) {
      ring.enable();
      KnownStacks stacks = new KnownStacks(truth);
      for (int i = 0; i < rounds && !truth.full(); i++) {
        stacks.round(i);
      }
      sampled.finish();
      System.out.println(sampled.summary());
    }
    return tally;
  }
}
