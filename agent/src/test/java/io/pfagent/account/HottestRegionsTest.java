package io.pfagent.account;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class HottestRegionsTest {

  private final RegionTable table = new RegionTable();
  private long lastId;

  @Test
  void givesTheCostliestFirstAndAmongEqualsTheLargest() {
    Region cheap = add(10, 3);
    Region dear = add(10, 500);
    Region small = add(5, 0);
    Region large = add(90, 0);

    assertThat(new HottestRegions(table, 3, 100).find()).containsExactly(dear, cheap, large);
    assertThat(new HottestRegions(table, 10, 100).find())
        .containsExactly(dear, cheap, large, small);
  }

  @Test
  void forgetsARegionThatWasFreed() {
    Region gone = add(10, 500);
    Region stays = add(10, 3);
    HottestRegions hottest = new HottestRegions(table, 1, 100);
    assertThat(hottest.find()).containsExactly(gone);

    table.remove(gone.base());

    assertThat(hottest.find()).containsExactly(stays);
  }

  @Test
  void comesToAllOfALargeTablePieceByPiece() {
    for (int i = 0; i < 95; i++) {
      add(1, i);
    }
    Region hottest = add(1, 1000);
    HottestRegions inPieces = new HottestRegions(table, 2, 10);
    List<Region> found = List.of();
    for (int call = 0; call < 10; call++) {
      found = inPieces.find();
    }

    assertThat(found.get(0)).isSameAs(hottest);
    assertThat(found.get(1).minorFaults()).isEqualTo(94);
  }

  private Region add(int slots, long faults) {
    long id = ++lastId;
    long address = 0x7000_0000_0000L + id * (100L << 16);
    Region region =
        new Region(id, RegionKind.UNSAFE, address, address, (long) slots << 16, null, 0);
    region.add(new FaultCount(faults, 0));
    table.add(region);
    return region;
  }
}
