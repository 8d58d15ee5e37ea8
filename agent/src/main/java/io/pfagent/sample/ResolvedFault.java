package io.pfagent.sample;

import io.pfagent.account.RegionKind;

/**
 * A sample that is known for what it is, but for the names in its stack.
 *
 * @param nanoTime when, in {@link System#nanoTime()}
 * @param thread which has faulted
 * @param regionId the tracked region that held the address then, 0 for none
 * @param kind what the memory is
 * @param address what was not there
 * @param offset bytes from the beginning of the region, or -1
 * @param isMajor whether it waited for a device
 * @param inKernel whether the kernel raised it, in a system call of the thread
 * @param weight faults that it stands for
 * @param stack its stack, without names yet
 */
record ResolvedFault(
    long nanoTime,
    SampledThreads.Known thread,
    long regionId,
    RegionKind kind,
    long address,
    long offset,
    boolean isMajor,
    boolean inKernel,
    long weight,
    CaughtStack stack) {}
