package io.pfagent.account;

import static io.pfagent.account.StressRegions.SLOT;
import static io.pfagent.account.StressRegions.isGone;
import static io.pfagent.account.StressRegions.isWhole;
import static io.pfagent.account.StressRegions.region;
import static io.pfagent.account.StressRegions.tableWith;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;
import org.openjdk.jcstress.infra.results.LL_Result;

/** Memory that is given back, behind the agent's back too, and gets another owner at once. */
public final class FreedMemoryStress {

  private FreedMemoryStress() {}

  /** Two threads free the same region. */
  @JCStressTest
  @Outcome(
      id = {"1, 0, 0", "0, 1, 0"},
      expect = ACCEPTABLE,
      desc = "One of them has taken it out, and none is left.")
  @State
  public static class FreeTwice {
    private final Region region = region(SLOT / 2, 2 * SLOT);
    private final RegionTable table = tableWith(region);

    /** Takes it out. */
    @Actor
    public void first(III_Result result) {
      result.r1 = table.remove(region.base()) == region ? 1 : 0;
    }

    /** The other one does, too. */
    @Actor
    public void second(III_Result result) {
      result.r2 = table.remove(region.base()) == region ? 1 : 0;
    }

    /** Counts what is left, in the table and in its books. */
    @Arbiter
    public void count(III_Result result) {
      result.r3 = (int) (table.regionCount() + table.byteCount()) + 1 - isGone(table, region);
    }
  }

  /** An address is freed in one thread, and got from malloc by the next. */
  @JCStressTest
  @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "Not got yet: the table is empty.")
  @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "The new region has it.")
  @State
  public static class Reuse {
    private final Region before = region(SLOT / 2, 2 * SLOT);
    private final Region after = region(SLOT / 2, SLOT);
    private final RegionTable table = tableWith(before);
    private volatile boolean given;

    /** Takes it out, then gives the memory back. */
    @Actor
    public void free() {
      table.remove(before.base());
      given = true;
    }

    /** Gets the memory, if it was given back. */
    @Actor
    public void allocate(II_Result result) {
      if (given) {
        table.add(after);
        result.r1 = 1;
      }
    }

    /** Looks whose it is. */
    @Arbiter
    public void find(II_Result result) {
      boolean right = result.r1 == 1 ? isWhole(table, after) == 1 : table.regionCount() == 0;
      result.r2 = right && isGone(table, before) == 1 ? 1 : 0;
    }
  }

  /** An address is looked up while it changes hands. */
  @JCStressTest
  @Outcome(
      id = {"old, old", "old, none", "old, new", "none, none", "none, new", "new, new"},
      expect = ACCEPTABLE,
      desc = "The owners in their order.")
  @State
  public static class FindInReuse {
    private final Region before = region(0, 4096);
    private final Region after = region(0, 8192);
    private final RegionTable table = tableWith(before);

    /** Frees and allocates. */
    @Actor
    public void reuse() {
      table.remove(before.base());
      table.add(after);
    }

    /** Asks twice. */
    @Actor
    public void find(LL_Result result) {
      result.r1 = owner();
      result.r2 = owner();
    }

    private String owner() {
      Region region = table.find(before.base());
      return region == null ? "none" : region == before ? "old" : region == after ? "new" : "wrong";
    }
  }

  /** Two new regions lie where an old one was freed unseen. */
  @JCStressTest
  @Outcome(id = "1, 1, 2", expect = ACCEPTABLE, desc = "Both are whole, the old one is gone.")
  @State
  public static class EvictTwice {
    private final Region stale = region(0, 4 * SLOT);
    private final Region low = region(0, 3 * SLOT / 2);
    private final Region high = region(3 * SLOT / 2, 2 * SLOT);
    private final RegionTable table = tableWith(stale);

    /** Adds one over it. */
    @Actor
    public void addLow() {
      table.add(low);
    }

    /** Adds another. */
    @Actor
    public void addHigh() {
      table.add(high);
    }

    /** Looks into each slot. */
    @Arbiter
    public void find(III_Result result) {
      result.r1 = isWhole(table, low);
      result.r2 = isWhole(table, high);
      result.r3 = (int) table.regionCount() + 10 * (1 - isGone(table, stale));
    }
  }

  /** A region is freed while a new one already lies over its end. */
  @JCStressTest
  @Outcome(id = "1, 1, 1", expect = ACCEPTABLE, desc = "The new one is whole, the old one gone.")
  @State
  public static class EvictBesideRemove {
    private final Region stale = region(0, 3 * SLOT);
    private final Region coming = region(SLOT / 2, 3 * SLOT);
    private final RegionTable table = tableWith(stale);

    /** Takes the old one out. */
    @Actor
    public void remove() {
      table.remove(stale.base());
    }

    /** Adds the new one. */
    @Actor
    public void add() {
      table.add(coming);
    }

    /** Looks into each slot. */
    @Arbiter
    public void find(III_Result result) {
      result.r1 = isGone(table, stale);
      result.r2 = isWhole(table, coming);
      result.r3 = table.byteCount() == coming.size() ? (int) table.regionCount() : -1;
    }
  }

  /** Somebody asks about a time in a region's life while it ends. */
  @JCStressTest
  @Outcome(id = "1", expect = ACCEPTABLE, desc = "It lived then.")
  @State
  public static class LivedAt {
    private final Region region = region(0, 4096);
    private final long inItsLife = System.nanoTime();

    /** Ends its life. */
    @Actor
    public void free() {
      region.tryFree();
    }

    /** Asks. */
    @Actor
    public void ask(I_Result result) {
      result.r1 = region.livedAt(inItsLife) ? 1 : 0;
    }
  }
}
