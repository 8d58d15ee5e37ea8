package io.pfagent.account;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;

/**
 * One tracked piece of off-heap memory, from its allocation until it is freed. Identity never
 * changes; the counters are added to by any thread.
 */
public final class Region {

  private static final VarHandle MINOR_FAULTS = field("minorFaults", long.class);
  private static final VarHandle MAJOR_FAULTS = field("majorFaults", long.class);
  private static final VarHandle STATE = field("state", int.class);

  /** The application's: may be advised, may be freed. */
  private static final int LIVE = 0;

  /** The agent advises the kernel on it: whoever frees it waits. */
  private static final int ADVISED = 1;

  /** Given back, or about to be: never advised again. */
  private static final int FREED = 2;

  /** Looks at an advice in flight before the processor is left to who makes it. */
  private static final int SPINS = 100;

  private static final long PARK_NANOS = 20_000;

  private final long id;
  private final RegionKind kind;
  private final long base;
  private final long address;
  private final long size;
  private final String path;
  private final long startNanos;

  private volatile long allocatedNanos;
  private volatile long freedNanos = Long.MAX_VALUE;

  @SuppressWarnings("unused") // through MINOR_FAULTS
  private volatile long minorFaults;

  @SuppressWarnings("unused") // through MAJOR_FAULTS
  private volatile long majorFaults;

  private volatile String site;

  private volatile int preallocPages = 1;
  private volatile boolean wasPreallocated;
  private volatile long unusedBytes = -1;

  /** Null until a sampled fault has hit this region, or somebody waits for one. */
  private volatile AccessPattern pattern;

  private long blockSize;

  @SuppressWarnings("UnusedVariable") // through STATE
  private volatile int state = LIVE;

  /**
   * @param id counted from 1 in the order of allocation
   * @param base what will be freed: the address that the allocator returned
   * @param address where the usable memory starts, at or above {@code base}
   * @param size usable bytes, above 0
   * @param path the mapped file, or null
   * @param startNanos {@link System#nanoTime()} at the beginning of the allocation
   */
  public Region(
      long id, RegionKind kind, long base, long address, long size, String path, long startNanos) {
    this.id = id;
    this.kind = kind;
    this.base = base;
    this.address = address;
    this.size = size;
    this.path = path;
    this.startNanos = startNanos;
    this.allocatedNanos = startNanos;
  }

  public long id() {
    return id;
  }

  public RegionKind kind() {
    return kind;
  }

  /** The address that the allocator returned and that is given back to it. */
  public long base() {
    return base;
  }

  /** Where the usable memory starts. */
  public long address() {
    return address;
  }

  /** Usable bytes. */
  public long size() {
    return size;
  }

  /** One past the last byte. */
  public long end() {
    return address + size;
  }

  /** The mapped file, or null where there is none or its path isn't known. */
  public String path() {
    return path;
  }

  /** The allocation, which may have taken a while, has ended. */
  void setAllocatedNanos(long nanos) {
    allocatedNanos = nanos;
  }

  /** {@link System#nanoTime()} when the allocation began. */
  public long startNanos() {
    return startNanos;
  }

  /** Whether this memory was the region's at a time, in {@link System#nanoTime()}. */
  public boolean livedAt(long nanos) {
    return nanos - startNanos >= 0 && (freedNanos == Long.MAX_VALUE || nanos - freedNanos <= 0);
  }

  /** {@link System#nanoTime()} just before it was given back; the largest number before that. */
  public long freedNanos() {
    return freedNanos;
  }

  /** Nanoseconds since the allocation ended. */
  public long lifetimeNanos(long nowNanos) {
    return nowNanos - allocatedNanos;
  }

  /** Minor faults of the allocation and of the touches that were measured. */
  public long minorFaults() {
    return minorFaults;
  }

  /** Major faults of the allocation and of the touches that were measured. */
  public long majorFaults() {
    return majorFaults;
  }

  /** The first frame outside the JDK and the agent at allocation, or null if it was not taken. */
  public String site() {
    return site;
  }

  public void setSite(String newSite) {
    site = newSite;
  }

  /** Bytes that the allocator was asked for at {@link #base}, or 0 for a mapped file. */
  public long blockSize() {
    return blockSize;
  }

  /** To be told before the region is entered into the table. */
  public void setBlockSize(long bytes) {
    blockSize = bytes;
  }

  /** Pages per fault that the kernel was asked for here; 1 is its normal behaviour. */
  public int preallocPages() {
    return preallocPages;
  }

  public void setPreallocPages(int pages) {
    if (pages > 1) { // never taken back, whoever sets 1 at the same time
      wasPreallocated = true;
    }
    preallocPages = pages;
  }

  /** Whether more than one page per fault was ever asked for here: what came of that stays. */
  public boolean wasPreallocated() {
    return wasPreallocated;
  }

  /** Resident bytes that nobody used when that was last looked at, an estimate; -1 if never. */
  public long unusedBytes() {
    return unusedBytes;
  }

  public void setUnusedBytes(long bytes) {
    unusedBytes = bytes;
  }

  /** What sampled faults tell of this region's use, or null before anyone asked for or saw one. */
  public AccessPattern pattern() {
    return pattern;
  }

  /**
   * A sampled fault hit this region. Called by one thread.
   *
   * @param anyAddress the address that faulted
   * @param nanos when, by {@link System#nanoTime()}
   * @param weight faults that the sample stands for
   */
  public void observe(long anyAddress, long nanos, long weight) {
    patternToWrite().observe(anyAddress - address, nanos, weight);
  }

  /** See {@link AccessPattern#watch}. */
  public AccessPattern.Part watch(long from, long to) {
    return patternToWrite().watch(from, to);
  }

  private AccessPattern patternToWrite() {
    if (pattern == null) {
      synchronized (this) {
        pattern = pattern == null ? new AccessPattern() : pattern;
      }
    }
    return pattern;
  }

  /** Whether it was given back; its memory may be someone else's from then on. */
  public boolean isFreed() {
    return state == FREED;
  }

  /**
   * Asks for leave to advise the kernel on this region's memory. Where it is given, the memory
   * stays the application's until {@link #endAdvice}: who frees it waits for that. So what is done
   * in between must be short, must not free memory of the application, and must not throw past
   * {@code endAdvice}.
   *
   * @return false if the region was freed: its addresses may be someone else's
   */
  public boolean beginAdvice() {
    return enterState(ADVISED);
  }

  /** The advice is over. */
  public void endAdvice() {
    STATE.setRelease(this, LIVE);
  }

  /**
   * True for exactly one caller: the one that takes the region out of the table. An advice in
   * flight is over when this returns, and none starts later: the memory can be given back.
   */
  boolean tryFree() {
    if (!enterState(FREED)) {
      return false;
    }
    freedNanos = System.nanoTime();
    return true;
  }

  /** Takes {@link #tryFree} back: the memory turned out not to be given back after all. */
  void revive() {
    freedNanos = Long.MAX_VALUE;
    state = LIVE;
  }

  private boolean enterState(int wanted) {
    for (int looks = 0; ; looks++) {
      int seen = (int) STATE.compareAndExchange(this, LIVE, wanted);
      if (seen == LIVE) {
        return true;
      }
      if (seen == FREED) {
        return false;
      }
      if (looks < SPINS) {
        Thread.onSpinWait();
      } else {
        LockSupport.parkNanos(PARK_NANOS);
      }
    }
  }

  /** Adds what an operation on this region cost. */
  public void add(FaultCount faults) {
    if (faults.minor() > 0) {
      MINOR_FAULTS.getAndAdd(this, faults.minor());
    }
    if (faults.major() > 0) {
      MAJOR_FAULTS.getAndAdd(this, faults.major());
    }
  }

  boolean contains(long anyAddress) {
    return anyAddress >= base && anyAddress < end();
  }

  boolean overlaps(Region other) {
    return base < other.end() && other.base < end();
  }

  private static VarHandle field(String name, Class<?> type) {
    try {
      return MethodHandles.lookup().findVarHandle(Region.class, name, type);
    } catch (ReflectiveOperationException impossible) {
      throw new ExceptionInInitializerError(impossible);
    }
  }
}
