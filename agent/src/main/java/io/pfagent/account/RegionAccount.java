package io.pfagent.account;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** The books: which regions live, what each has cost, and what all of them have cost together. */
public final class RegionAccount {

  /**
   * From here on the walk of the stack, some 4 us, is small against the allocation itself: malloc
   * maps and unmaps such a block. Where all else is as cheap, see {@link UnnamedSites}.
   */
  private static final long SITE_MIN_BYTES = 16 << 20;

  private static final long SITE_MIN_FAULTS = 64;

  private final RegionTable table = new RegionTable();
  private final AllocationSite sites = new AllocationSite();
  private final UnnamedSites unnamed = new UnnamedSites(sites);
  private final AtomicLong lastId = new AtomicLong();
  private final LongAdder minorFaults = new LongAdder();
  private final LongAdder majorFaults = new LongAdder();

  /** Loads the classes behind, and leaves no trace. */
  public void warmUp() {
    sites.ofCurrentThread();
    Region region = new Region(0, RegionKind.UNSAFE, 1 << 16, 1 << 16, 1, null, 0);
    unnamed.add(region); // and named at once
    region.add(FaultCount.NONE);
    new RegionTable().add(region);
    table.tracks(region.base());
  }

  public RegionTable table() {
    return table;
  }

  /** Minor faults that hooked operations have claimed since the agent started. */
  public long minorFaults() {
    return minorFaults.sum();
  }

  /** Major faults that hooked operations have claimed since the agent started. */
  public long majorFaults() {
    return majorFaults.sum();
  }

  /**
   * Enters a new region before its allocation has ended, so that what faults in it while the JDK
   * zeroes it is known to be in it.
   *
   * @param span the allocation, located
   * @return the region, or null if its address is beyond what can be tracked
   */
  public Region located(Span span) {
    return enter(span, lastId.incrementAndGet());
  }

  private Region enter(Span span, long id) {
    Region region =
        new Region(
            id,
            span.operation().kind(),
            span.base(),
            span.usable(),
            span.size(),
            span.detail(),
            span.startNanos());
    region.setBlockSize(region.kind() == RegionKind.MAPPED_FILE ? 0 : span.allocated());
    region.setPreallocPages(span.preallocPages());
    if (!table.add(region)) {
      return null;
    }
    span.setRegion(region);
    return region;
  }

  /**
   * Books what the allocation of a region has cost, and enters it if it has not been {@link
   * #located} before.
   *
   * @param span the allocation, located
   * @param faults what it cost
   * @return the region, or null if its address is beyond what can be tracked
   */
  public Region allocated(Span span, FaultCount faults) {
    claim(faults);
    Region region = span.region() == null ? located(span) : span.region();
    if (region != null && region.address() != span.usable()) {
      // An arena's alignment shows at the end only.
      table.remove(region.base());
      region = enter(span, region.id());
    }
    if (region == null) {
      return null;
    }
    region.setAllocatedNanos(System.nanoTime());
    region.add(faults);
    if (region.kind() == RegionKind.MAPPED_FILE
        || span.size() >= SITE_MIN_BYTES
        || faults.total() >= SITE_MIN_FAULTS) {
      takeSite(region, span);
    }
    return region;
  }

  private void takeSite(Region region, Span span) {
    if (!span.isZeroedByKernel() || !unnamed.isOn() || !unnamed.add(region)) {
      region.setSite(sites.ofCurrentThread());
    }
  }

  /**
   * Whether sites of regions that the kernel zeroes may be told later. As long as they may, {@link
   * #nameSites} must be called every now and then.
   */
  public void setSitesNamedLater(boolean later) {
    unnamed.setOn(later);
  }

  /** Tells the sites that are still open: to be called before regions are shown. */
  public void nameSites() {
    unnamed.name();
  }

  /** Takes out the region that starts at this address; null if there is none. */
  public Region freed(long base) {
    return table.remove(base);
  }

  /** Enters a region again whose reallocation failed: its memory is still the application's. */
  public void restore(Region region) {
    region.revive();
    table.add(region);
  }

  /**
   * Books what an operation on memory cost.
   *
   * @param address any address in it, 0 if it isn't known
   * @return the region that holds the address, or null
   */
  public Region touched(long address, FaultCount faults) {
    claim(faults);
    Region region = address == 0 ? null : table.find(address);
    if (region != null) {
      region.add(faults);
    }
    return region;
  }

  /** Books faults that belong to no region. */
  public void claim(FaultCount faults) {
    if (faults.any()) {
      minorFaults.add(faults.minor());
      majorFaults.add(faults.major());
    }
  }
}
