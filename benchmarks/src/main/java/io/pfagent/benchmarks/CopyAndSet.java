package io.pfagent.benchmarks;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Copies and fills off-heap memory that is resident: from 1 MB on, each call is framed by two of
 * getrusage(2), which find that nothing has faulted; smaller ones are let through.
 */
@State(Scope.Thread)
public class CopyAndSet {

  /** Bytes that are copied or filled. */
  @Param({"1024", "65536", "1048576"})
  public long size;

  private long source;
  private long destination;

  /** Allocates two blocks and touches all of both. */
  @Setup(Level.Trial)
  public void allocate(Company company) throws Throwable {
    source = OffHeap.allocate(size);
    destination = OffHeap.allocate(size);
    OffHeap.set(source, size, (byte) 1);
    OffHeap.set(destination, size, (byte) 2);
  }

  /** Frees the blocks. */
  @TearDown(Level.Trial)
  public void free() throws Throwable {
    OffHeap.free(source);
    OffHeap.free(destination);
  }

  /** {@code Unsafe.copyMemory}. */
  @Benchmark
  public void copy() throws Throwable {
    OffHeap.copy(source, destination, size);
  }

  /** {@code Unsafe.setMemory}. */
  @Benchmark
  public void set() throws Throwable {
    OffHeap.set(destination, size, (byte) 3);
  }
}
