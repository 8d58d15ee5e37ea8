package io.pfagent.chunk;

import java.io.IOException;

/**
 * A page fault that was sampled. What it shares with others stands in the dictionary: the numbers
 * refer to what {@link SampleVisitor} was told before.
 *
 * @param nanoTime when, on the clock of {@link System#nanoTime()}
 * @param thread number of the thread that faulted; 0 if it is not known
 * @param stack number of the stack; 0 if it has none
 * @param regionId the tracked region that holds the address; 0 if none does
 * @param kind number of the text that says what the memory is
 * @param address the address that faulted
 * @param offset bytes from the region's start; -1 if there is no region
 * @param isMajor whether the kernel had to wait for a device
 * @param inKernel whether the kernel raised it, in a system call of the thread
 * @param weight how many faults the sample stands for
 * @param stackState number of the text that says what the stack is worth
 */
public record Sample(
    long nanoTime,
    int thread,
    int stack,
    long regionId,
    int kind,
    long address,
    long offset,
    boolean isMajor,
    boolean inKernel,
    long weight,
    int stackState) {

  static Sample read(ByteReader in, long previousNanoTime) throws IOException {
    return new Sample(
        previousNanoTime + in.difference(),
        (int) in.number(),
        (int) in.number(),
        in.number(),
        (int) in.number(),
        in.number(),
        in.number() - 1,
        in.isSet(),
        in.isSet(),
        in.number(),
        (int) in.number());
  }
}
