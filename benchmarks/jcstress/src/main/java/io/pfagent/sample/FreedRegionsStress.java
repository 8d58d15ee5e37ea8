package io.pfagent.sample;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import io.pfagent.account.Region;
import io.pfagent.account.RegionAccount;
import io.pfagent.account.RegionKind;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** Samples are read a moment after the fault: by then the region may be on its way out. */
public final class FreedRegionsStress {

  private static final long ADDRESS = 0x7f00_0000_0000L;

  private FreedRegionsStress() {}

  /** A region is freed while a sample from its life is resolved. */
  @JCStressTest
  @Outcome(id = "old", expect = ACCEPTABLE, desc = "It is known whose the memory was.")
  @State
  public static class ResolveBesideFree {
    private final Sampled sampled = new Sampled();

    /** Frees the region. */
    @Actor
    public void free() {
      sampled.free();
    }

    /** Resolves the sample. */
    @Actor
    public void resolve(L_Result result) {
      result.r1 = sampled.owner();
    }
  }

  /** The memory has a new owner already. */
  @JCStressTest
  @Outcome(id = "old", expect = ACCEPTABLE, desc = "It is known whose the memory was.")
  @State
  public static class ResolveBesideReuse {
    private final Sampled sampled = new Sampled();

    /** Frees the region and allocates another one in its place. */
    @Actor
    public void reuse() {
      sampled.free();
      sampled.allocateAgain();
    }

    /** Resolves the sample. */
    @Actor
    public void resolve(L_Result result) {
      result.r1 = sampled.owner();
    }
  }

  /** A region, and a sample of a fault in it. */
  private static final class Sampled {
    private final RegionAccount account = new RegionAccount();
    private final FreedRegions freed = new FreedRegions();
    private final FaultResolver resolver =
        new FaultResolver(account.table(), freed, null, null, null);
    private final Region before = region(1);
    private final long faultNanos;

    Sampled() {
      account.table().observeFreed(freed::add);
      account.table().add(before);
      faultNanos = System.nanoTime();
    }

    void free() {
      account.freed(ADDRESS);
    }

    void allocateAgain() {
      account.table().add(region(2));
    }

    String owner() {
      Region region = resolver.regionAt(ADDRESS, faultNanos);
      return region == null ? "none" : region == before ? "old" : "new";
    }

    private static Region region(long id) {
      long now = System.nanoTime();
      return new Region(id, RegionKind.UNSAFE, ADDRESS, ADDRESS, 4096, null, now);
    }
  }
}
