package io.pfagent.account;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * One tracked piece of off-heap memory, from its allocation until it is freed. Identity never
 * changes; the counters are added to by any thread.
 */
public final class Region {

  private static final VarHandle MINOR_FAULTS = field("minorFaults", long.class);
  private static final VarHandle MAJOR_FAULTS = field("majorFaults", long.class);
  private static final VarHandle FREED = field("freed", boolean.class);

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

  private volatile boolean freed;

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

  /** Whether it was given back; its memory may be someone else's from then on. */
  public boolean isFreed() {
    return freed;
  }

  /** True for exactly one caller: the one that takes the region out of the table. */
  boolean tryFree() {
    if (!FREED.compareAndSet(this, false, true)) {
      return false;
    }
    freedNanos = System.nanoTime();
    return true;
  }

  /** Takes {@link #tryFree} back: the memory turned out not to be given back after all. */
  void revive() {
    freedNanos = Long.MAX_VALUE;
    freed = false;
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
