package io.pfagent.account;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RegionTableTest {

  private static final long KB = 1024;
  private static final long MB = 1024 * KB;
  private static final long GB = 1024 * MB;

  private final RegionTable table = new RegionTable();
  private long lastId;

  @Test
  void findsARegionByEveryAddressInItAndByNoOther() {
    Region region = add(0x7f12_3456_7890L, 300 * KB);

    assertThat(table.find(region.address())).isSameAs(region);
    assertThat(table.find(region.address() + 150 * KB)).isSameAs(region);
    assertThat(table.find(region.end() - 1)).isSameAs(region);
    assertThat(table.find(region.address() - 1)).isNull();
    assertThat(table.find(region.end())).isNull();
  }

  @Test
  void tracksABaseOnly() {
    Region region = add(0x7f12_3456_7890L, 300 * KB);

    assertThat(table.tracks(region.base())).isTrue();
    assertThat(table.tracks(region.base() + 16)).isFalse();
    assertThat(table.remove(region.base() + 16)).isNull();
    assertThat(table.remove(region.base())).isSameAs(region);
    assertThat(region.isFreed()).isTrue();
    assertThat(table.tracks(region.base())).isFalse();
    assertThat(table.remove(region.base())).isNull();
  }

  @Test
  void tellsOfAFreedRegionWhileItCanStillBeFound() {
    Region removed = add(0x7f12_3456_7890L, 300 * KB);
    Region evicted = add(0x7f12_4456_7890L, 300 * KB);
    List<Region> told = new ArrayList<>();
    table.observeFreed(
        region -> {
          assertThat(table.find(region.address())).isSameAs(region);
          assertThat(region.freedNanos()).isLessThanOrEqualTo(System.nanoTime());
          told.add(region);
        });

    table.remove(removed.base());
    add(evicted.base(), 4 * KB);

    assertThat(told).containsExactly(removed, evicted);
  }

  @Test
  void holdsARegionThatSpansSlotsOfEveryLevel() {
    Region region = add(0x7e00_0000_1000L, 200 * GB + 3 * MB + 5);

    for (long offset : new long[] {0, 64 * KB, 65 * MB, 70 * GB, 199 * GB, 200 * GB + 3 * MB + 4}) {
      assertThat(table.find(region.address() + offset)).as("offset %d", offset).isSameAs(region);
    }
    assertThat(table.find(region.end())).isNull();
    assertThat(table.remove(region.base())).isSameAs(region);
    assertThat(table.find(region.address() + 70 * GB)).isNull();
  }

  @Test
  void holdsManyRegionsWithinOneSlot() {
    List<Region> regions = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      regions.add(add(0x10_0000L + i * 1000L, 900));
    }
    for (Region region : regions) {
      assertThat(table.find(region.address() + 899)).isSameAs(region);
      assertThat(table.find(region.end() + 10)).isNull();
    }
    regions.forEach(region -> assertThat(table.remove(region.base())).isSameAs(region));
    assertThat(table.regionCount()).isZero();
    assertThat(table.byteCount()).isZero();
  }

  @Test
  void keepsTheUsableStartApartFromWhatIsFreed() {
    Region region = new Region(1, RegionKind.DIRECT_BUFFER, 0x5010L, 0x6000L, 64 * KB, null, 0);
    table.add(region);

    assertThat(table.tracks(0x5010L)).isTrue();
    assertThat(table.find(0x6000L + 64 * KB - 1)).isSameAs(region);
    assertThat(table.byteCount()).isEqualTo(64 * KB);
  }

  @Test
  void dropsWhatWasFreedUnseenWhenItsMemoryComesBack() {
    Region small = add(0x7000_0000_0000L, 100 * KB);
    Region huge = add(0x7100_0000_0000L, 130 * MB);
    Region overSmall = add(0x7000_0000_0000L + 64 * KB, 1 * MB);
    Region inHuge = add(0x7100_0000_0000L + 70 * MB, 1 * MB);

    assertThat(table.find(small.address())).isNull();
    assertThat(table.find(overSmall.address())).isSameAs(overSmall);
    assertThat(small.isFreed()).isTrue();
    assertThat(table.find(huge.address())).isNull();
    assertThat(table.find(huge.end() - 1)).isNull();
    assertThat(table.find(inHuge.address())).isSameAs(inHuge);
    assertThat(table.regionCount()).isEqualTo(2);
  }

  @Test
  void leavesAddressesBeyond48BitsAlone() {
    assertThat(table.add(region(1L << 48, 64 * KB))).isFalse();
    assertThat(table.add(region((1L << 48) - 64 * KB, 64 * KB))).isTrue();
    assertThat(table.find(1L << 60)).isNull();
    assertThat(table.find(-1)).isNull();
    assertThat(table.tracks(0)).isFalse();
  }

  @Test
  void agreesWithASortedMapOverRandomOperations() {
    Random random = new Random(42);
    TreeMap<Long, Region> model = new TreeMap<>();
    for (int i = 0; i < 100_000; i++) {
      long address = 0x7000_0000_0000L + (long) (random.nextDouble() * 8 * GB);
      long size = 1 + (long) Math.exp(random.nextDouble() * Math.log(256 * MB));
      Map.Entry<Long, Region> below = model.floorEntry(address + size - 1);
      boolean free = below == null || below.getValue().end() <= address;
      if (free) {
        model.put(address, add(address, size));
      } else if (random.nextBoolean()) {
        assertThat(table.remove(below.getKey())).isSameAs(model.remove(below.getKey()));
      }
      long probe = 0x7000_0000_0000L + (long) (random.nextDouble() * 8 * GB);
      Map.Entry<Long, Region> expected = model.floorEntry(probe);
      Region holder =
          expected == null || expected.getValue().end() <= probe ? null : expected.getValue();
      assertThat(table.find(probe)).isSameAs(holder);
    }
    assertThat(table.regionCount()).isEqualTo(model.size());
    List<Region> scanned = new ArrayList<>();
    long next = 0;
    do {
      next = table.scan(next, 10, scanned::add);
    } while (next != 0);
    assertThat(scanned).containsExactlyElementsOf(model.values());
  }

  private Region add(long address, long size) {
    Region region = region(address, size);
    table.add(region);
    return region;
  }

  private Region region(long address, long size) {
    return new Region(++lastId, RegionKind.UNSAFE, address, address, size, null, 0);
  }
}
