package io.pfagent.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.pfagent.report.RegionTable.Entry;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RegionTableTest {

  private final RegionTable table = new RegionTable();

  @Test
  void regionsComeByRisingIdAcrossPages() {
    for (long id : new long[] {10_000_000_000L, 4_096, 1, 4_095, 8_192}) {
      table.allocated(id, 0, id, 1);
    }
    assertThat(entries())
        .extracting(Entry::id)
        .containsExactly(1L, 4_095L, 4_096L, 8_192L, 10_000_000_000L);
    assertThat(entries()).allSatisfy(entry -> assertThat(entry.sizeBytes()).isEqualTo(entry.id()));
  }

  @Test
  void eventsMayComeInAnyOrder() {
    table.freed(1);
    table.life(1, 4_096, 12, 600);
    table.addFaults(1, 2, 100);
    table.allocated(1, 3, 4_096, 77);
    table.addFaults(1, 8, 400);
    table.addSampled(1, 2);
    table.addSampled(1, 3);
    assertThat(entries())
        .containsExactly(new Entry(1, 3, 4_096, true, true, 10, 500, 12, 600, 5, 77));
    assertThat(entries().get(0).totalFaults()).isEqualTo(12);
    assertThat(entries().get(0).totalNanos()).isEqualTo(600);
  }

  @Test
  void siteOfTheAllocationWins() {
    table.siteIfUnknown(1, 5);
    assertThat(table.site(1)).isEqualTo(5);
    table.allocated(1, 2, 4_096, 77);
    table.siteIfUnknown(1, 5);
    assertThat(table.site(1)).isEqualTo(2);
    assertThat(table.site(2)).isEqualTo(RegionTable.UNKNOWN_SITE);
  }

  @Test
  void unknownNumbersAddNothing() {
    table.addFaults(1, -1, -1);
    table.life(1, -1, -1, -1);
    assertThat(entries()).containsExactly(new Entry(1, -1, 0, false, false, 0, 0, 0, 0, 0, 0));
  }

  private List<Entry> entries() {
    List<Entry> entries = new ArrayList<>();
    table.forEach(entries::add);
    return entries;
  }
}
