package io.pfagent.jvm;

import io.pfagent.kernel.FaultRing;
import io.pfagent.kernel.FreshPages;

/**
 * Takes a picture of itself, with samples of {@link KnownStacks}. Arguments: the library made of
 * unwind_picture.c, and the file to write.
 */
final class PictureProcess {

  private static final int STACK_BYTES = 16 * 1024;
  private static final int RING_BYTES = 32 << 20;
  private static final int WARMUP_ROUNDS = 100;
  private static final int PAGES = 6000;

  private PictureProcess() {}

  public static void main(String[] arguments) throws Exception {
    System.load(arguments[0]);
    try (CodeMap code = CodeMap.load();
        StackUnwinder unwinder = UnloadedClasses.unwinder(code);
        FaultRing ring = FaultRing.ofFaults(unwinder.registerMask(), STACK_BYTES, RING_BYTES)) {
      Truth truth = new Truth(FreshPages.of(PAGES), new Tally());
      KnownStacks stacks = new KnownStacks(truth);
      for (int i = 0; !truth.full(); i++) {
        stacks.round(i);
        if (i == WARMUP_ROUNDS) {
          ring.enable();
        }
      }
      ring.disable();
      ring.drain(
          (tid, nanoTime, address, registers, stack, bytes) -> {
            if (truth.region().contains(address)) {
              keep(registers, stack, bytes);
            }
          });
      System.out.println(write(arguments[1]) ? "written" : "failed");
    }
  }

  private static native void keep(long registers, long stack, int bytes);

  private static native boolean write(String path);
}
