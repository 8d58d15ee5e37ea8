package io.pfagent.sample;

import io.pfagent.account.Region;
import io.pfagent.account.RegionKind;
import io.pfagent.account.RegionTable;
import io.pfagent.kernel.FaultRecord;

/**
 * From a sample to what it means: the region that held the address at that time or the kind of
 * memory, the thread, the stack. Used by the sampler's thread.
 */
final class FaultResolver {

  private final RegionTable regions;
  private final FreedRegions freed;
  private final AddressSpace addressSpace;
  private final SampledThreads threads;
  private final StackSource stacks;

  FaultResolver(
      RegionTable regions,
      FreedRegions freed,
      AddressSpace addressSpace,
      SampledThreads threads,
      StackSource stacks) {
    this.regions = regions;
    this.freed = freed;
    this.addressSpace = addressSpace;
    this.threads = threads;
    this.stacks = stacks;
  }

  ResolvedFault resolve(FaultRecord fault) {
    SampledThreads.Known thread = threads.find(fault.tid(), fault.nanoTime());
    CaughtStack stack = stacks.read(fault);
    long address = fault.address();
    Region region = regionAt(address, fault.nanoTime());
    RegionKind kind =
        region == null
            ? addressSpace.kindOf(
                address, fault.stackPointer(), thread.isCollector(), stack.isNative())
            : region.kind();
    if (region != null) {
      // What went by uncounted was on other regions, too.
      region.observe(address, fault.nanoTime(), fault.period());
    }
    return new ResolvedFault(
        fault.nanoTime(),
        thread,
        region == null ? 0 : region.id(),
        kind,
        address,
        region == null ? -1 : Math.max(0, address - region.address()),
        fault.isMajor(),
        fault.inKernel(),
        fault.weight(),
        stack);
  }

  /** Looks at the address space again if that is due, and at the threads. */
  void refresh(long nowNanos) {
    addressSpace.refreshIfStale(nowNanos);
    threads.learn();
  }

  Region regionAt(long address, long nanos) {
    Region region = regions.find(address);
    return region != null && region.livedAt(nanos) ? region : freed.find(address, nanos);
  }
}
