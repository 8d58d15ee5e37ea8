package io.pfagent.kernel;

import java.util.Arrays;
import java.util.List;

/** What a record held when it was visited. */
record TakenSample(
    boolean inKernel,
    boolean major,
    int tid,
    long nanoTime,
    long address,
    long weight,
    long programCounter,
    long stackPointer,
    int stackBytes,
    List<Long> chain) {

  private static final int MOST_FRAMES = 16;

  static TakenSample of(FaultRecord fault) {
    long[] chain = new long[MOST_FRAMES];
    int length = fault.chain(chain);
    return new TakenSample(
        fault.inKernel(),
        fault.isMajor(),
        fault.tid(),
        fault.nanoTime(),
        fault.address(),
        fault.weight(),
        fault.programCounter(),
        fault.stackPointer(),
        fault.stackBytes(),
        Arrays.stream(chain, 0, length).boxed().toList());
  }

  boolean isIn(AnonymousMemory memory) {
    long offset = address - memory.address;
    return offset >= 0 && offset < memory.size;
  }
}
