package io.pfagent.account;

import static io.pfagent.account.StressRegions.BASE;
import static io.pfagent.account.StressRegions.MIDDLE_SLOT;
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

/** Regions that come and go at the same time: none is lost, torn or left behind. */
public final class RegionTableStress {

  private RegionTableStress() {}

  /** Two regions come into one slot. */
  @JCStressTest
  @Outcome(id = "1, 1, 2", expect = ACCEPTABLE, desc = "Both are there, and counted.")
  @State
  public static class AddNeighbours {
    private final RegionTable table = new RegionTable();
    private final Region low = region(0, 4096);
    private final Region high = region(8192, 4096);

    /** Adds one. */
    @Actor
    public void addLow() {
      table.add(low);
    }

    /** Adds the other. */
    @Actor
    public void addHigh() {
      table.add(high);
    }

    /** Looks for both. */
    @Arbiter
    public void find(III_Result result) {
      result.r1 = isWhole(table, low);
      result.r2 = isWhole(table, high);
      result.r3 = (int) table.regionCount();
    }
  }

  /** A region goes while another one comes into its slot. */
  @JCStressTest
  @Outcome(id = "1, 1, 1", expect = ACCEPTABLE, desc = "One is gone, the other one is there.")
  @State
  public static class AddBesideRemove {
    private final Region leaving = region(0, 4096);
    private final Region coming = region(8192, 4096);
    private final RegionTable table = tableWith(leaving);

    /** Takes it out. */
    @Actor
    public void remove() {
      table.remove(leaving.base());
    }

    /** Adds the other. */
    @Actor
    public void add() {
      table.add(coming);
    }

    /** Looks for both. */
    @Arbiter
    public void find(III_Result result) {
      result.r1 = isGone(table, leaving);
      result.r2 = isWhole(table, coming);
      result.r3 = (int) table.regionCount();
    }
  }

  /** A region is looked up while its neighbour comes and goes. */
  @JCStressTest
  @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "It is always found.")
  @State
  public static class FindBesideChange {
    private final Region steady = region(8192, 4096);
    private final Region passing = region(0, 4096);
    private final RegionTable table = tableWith(steady);

    /** The neighbour comes and goes. */
    @Actor
    public void change() {
      table.add(passing);
      table.remove(passing.base());
    }

    /** Asks both questions. */
    @Actor
    public void find(II_Result result) {
      result.r1 = table.find(steady.end() - 1) == steady ? 1 : 0;
      result.r2 = table.tracks(steady.base()) ? 1 : 0;
    }
  }

  /** Two regions over several slots come, with one slot in common. */
  @JCStressTest
  @Outcome(id = "1, 1, 2", expect = ACCEPTABLE, desc = "Both are there in all their slots.")
  @State
  public static class AddSpanning {
    private final RegionTable table = new RegionTable();
    private final Region low = region(SLOT / 2, 2 * SLOT);
    private final Region high = region(SLOT / 2 + 2 * SLOT, 2 * SLOT);

    /** Adds one. */
    @Actor
    public void addLow() {
      table.add(low);
    }

    /** Adds the other. */
    @Actor
    public void addHigh() {
      table.add(high);
    }

    /** Looks into each slot. */
    @Arbiter
    public void find(III_Result result) {
      result.r1 = isWhole(table, low);
      result.r2 = isWhole(table, high);
      result.r3 = (int) table.regionCount();
    }
  }

  /** One of two regions with a slot in common goes while the other one comes. */
  @JCStressTest
  @Outcome(id = "1, 1, 1", expect = ACCEPTABLE, desc = "One is gone, the other one is whole.")
  @State
  public static class AddSpanningBesideRemove {
    private final Region leaving = region(SLOT / 2, 2 * SLOT);
    private final Region coming = region(SLOT / 2 + 2 * SLOT, 2 * SLOT);
    private final RegionTable table = tableWith(leaving);

    /** Takes it out. */
    @Actor
    public void remove() {
      table.remove(leaving.base());
    }

    /** Adds the other. */
    @Actor
    public void add() {
      table.add(coming);
    }

    /** Looks into each slot. */
    @Arbiter
    public void find(III_Result result) {
      result.r1 = isGone(table, leaving);
      result.r2 = isWhole(table, coming);
      result.r3 = (int) table.regionCount();
    }
  }

  /** A region over a whole slot of a middle node meets one that needs the nodes below the next. */
  @JCStressTest
  @Outcome(id = "1, 1, 2", expect = ACCEPTABLE, desc = "Both are there, each on its level.")
  @State
  public static class AddOnTwoLevels {
    private final RegionTable table = new RegionTable();
    private final Region large = region(SLOT / 2, 2 * MIDDLE_SLOT - SLOT / 2);
    private final Region small = region(0, SLOT / 4);

    /** Adds the large one. */
    @Actor
    public void addLarge() {
      table.add(large);
    }

    /** Adds the small one before it. */
    @Actor
    public void addSmall() {
      table.add(small);
    }

    /** Looks into each slot. */
    @Arbiter
    public void find(III_Result result) {
      result.r1 =
          table.find(large.base()) == large
                  && table.find(BASE + MIDDLE_SLOT) == large
                  && table.find(large.end() - 1) == large
              ? 1
              : 0;
      result.r2 = isWhole(table, small);
      result.r3 = (int) table.regionCount();
    }
  }
}
