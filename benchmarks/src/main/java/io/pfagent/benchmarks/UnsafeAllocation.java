package io.pfagent.benchmarks;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * Allocates a block and frees it, untouched: what is left is the allocator's work and the agent's.
 * The smallest size is below the agent's {@code min-size}, the others are tracked.
 */
@State(Scope.Thread)
public class UnsafeAllocation {

  /** Bytes of the block. */
  @Param({"1024", "65536", "1048576"})
  public long size;

  /** The pair, as an application calls it. */
  @Benchmark
  public long allocateAndFree(Company company) throws Throwable {
    long address = OffHeap.allocate(size);
    OffHeap.free(address);
    return address;
  }
}
