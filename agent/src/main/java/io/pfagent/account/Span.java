package io.pfagent.account;

/**
 * A hooked operation of one thread, from entry to exit. Used by that thread alone.
 *
 * <p>Operations nest: a direct buffer is allocated, then zeroed, inside one constructor. An
 * allocation {@link #absorbs} what happens inside, and is accounted as a whole; a method named by
 * {@code touch=} does not, and is left with the faults that no operation inside it has claimed. So
 * each fault is accounted once.
 */
public final class Span {

  private final Operation operation;
  private final Span outer;
  private final long address;
  private final long size;
  private final String detail;

  private final long startNanos;

  private long base;
  private long usable;
  private long allocated;
  private int preallocPages = 1;
  private boolean zeroedByKernel;
  private boolean zeroingSkipped;
  private Thread carrier;
  private long minorAtStart;
  private long majorAtStart;
  private FaultCount claimedInside = FaultCount.NONE;
  private Region replaced;
  private Region region;
  private Object event;
  private Object advice;

  /**
   * @param outer the span that is open in this thread, or null
   * @param address the memory that is reallocated or touched, or 0
   * @param size bytes
   * @param detail the path of a mapped file or the name of a method, else null
   */
  public Span(Operation operation, Span outer, long address, long size, String detail) {
    this.operation = operation;
    this.outer = outer;
    this.address = address;
    this.size = size;
    this.detail = detail;
    this.startNanos = operation.allocates() ? System.nanoTime() : 0;
  }

  public Operation operation() {
    return operation;
  }

  public Span outer() {
    return outer;
  }

  public long address() {
    return address;
  }

  public long size() {
    return size;
  }

  public String detail() {
    return detail;
  }

  /** Whether an operation inside this one is a part of it. */
  public boolean absorbs(Operation inner, String innerDetail) {
    return operation != Operation.METHOD
        || (inner == Operation.METHOD && detail.equals(innerDetail));
  }

  /** Whether this is an allocation inside another operation that only tells where the memory is. */
  public boolean isPartOf(Span other) {
    return outer == other && other != null && other.absorbs(operation, detail);
  }

  /** The memory of this allocation, as a step inside it tells; the first one that fits counts. */
  public void locate(long newBase, long newUsable, long newAllocated) {
    if (base == 0 && newBase != 0 && newAllocated >= size) {
      base = newBase;
      usable = newUsable;
      allocated = newAllocated;
    }
  }

  /**
   * The hooked method has returned.
   *
   * @param address where it says that the usable memory starts; 0 if it failed or does not say
   */
  public void returned(long address) {
    if (base == 0) {
      locate(address, address, size);
    } else if (address != 0) {
      usable = address;
    }
  }

  /** What the allocator returned, 0 until it is known. */
  public long base() {
    return base;
  }

  /** Where the usable memory starts, 0 until it is known. */
  public long usable() {
    return usable;
  }

  /** Bytes that the allocator was asked for, 0 until it is known. */
  public long allocated() {
    return allocated;
  }

  /** Whether a piece of memory lies inside what this allocation was given. */
  public boolean holds(long start, long bytes) {
    return base != 0 && start >= base && bytes <= allocated && start - base <= allocated - bytes;
  }

  /** Pages per fault that the kernel was asked for in the new memory; 1 is normal. */
  public int preallocPages() {
    return preallocPages;
  }

  public void setPreallocPages(int pages) {
    preallocPages = pages;
  }

  /** Whether the kernel has made the new memory zero, so that the JDK need not do it again. */
  public boolean isZeroedByKernel() {
    return zeroedByKernel;
  }

  public void setZeroedByKernel() {
    zeroedByKernel = true;
  }

  /** The JDK was relieved of its own zeroing. */
  public void skipZeroing() {
    zeroingSkipped = true;
  }

  /** Who zeroed the new memory, as {@code pfagent.RegionAllocation} says it. */
  public String zeroing() {
    return zeroingSkipped ? "kernel" : operation.zeroing();
  }

  /** Starts to count. */
  public void begin(Thread newCarrier, long minorFaults, long majorFaults) {
    carrier = newCarrier;
    minorAtStart = minorFaults;
    majorAtStart = majorFaults;
  }

  /**
   * Ends the count and lets the outer span know what was claimed here.
   *
   * @return the faults of this operation that none inside it has claimed; unknown if counting
   *     failed or the (virtual) thread has moved to another carrier
   */
  public FaultCount end(Thread carrierNow, long minorFaults, long majorFaults) {
    if (minorAtStart < 0 || minorFaults < 0 || carrier != carrierNow) {
      return FaultCount.UNKNOWN;
    }
    FaultCount all = new FaultCount(minorFaults - minorAtStart, majorFaults - majorAtStart);
    if (outer != null) {
      outer.claimedInside = outer.claimedInside.plus(all);
    }
    return all.minus(claimedInside);
  }

  /** The region that a reallocation took out of the table, or null. */
  public Region replaced() {
    return replaced;
  }

  public void setReplaced(Region region) {
    replaced = region;
  }

  /** When an allocation began, in {@link System#nanoTime()}; 0 for a touch. */
  long startNanos() {
    return startNanos;
  }

  /** What this allocation has made, as soon as that has an address; null before. */
  public Region region() {
    return region;
  }

  void setRegion(Region newRegion) {
    region = newRegion;
  }

  /** What preallocation carries from the first touch to the end, or null. */
  public Object advice() {
    return advice;
  }

  public void setAdvice(Object newAdvice) {
    advice = newAdvice;
  }

  /** What the emitter of events carries from entry to exit, or null. */
  public Object event() {
    return event;
  }

  public void setEvent(Object newEvent) {
    event = newEvent;
  }
}
