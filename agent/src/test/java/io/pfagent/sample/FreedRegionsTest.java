package io.pfagent.sample;

import static org.assertj.core.api.Assertions.assertThat;

import io.pfagent.account.Region;
import io.pfagent.account.RegionAccount;
import io.pfagent.account.RegionKind;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FreedRegionsTest {

  private static final long ADDRESS = 0x7f00_0000_0000L;

  private final RegionAccount account = new RegionAccount();
  private final FreedRegions freed = new FreedRegions();

  @Test
  void knowsARegionAtTheTimesOfItsLifeOnly() {
    Region region = addThenFree(ADDRESS);

    assertThat(freed.find(ADDRESS, region.freedNanos())).isSameAs(region);
    assertThat(freed.find(ADDRESS, region.freedNanos() + 1)).isNull();
    assertThat(freed.find(region.end(), region.freedNanos())).isNull();
  }

  @Test
  void knowsEachOfThoseThatHadTheSamePlace() {
    List<Region> regions = Stream.generate(() -> addThenFree(ADDRESS)).limit(20).toList();

    assertThat(regions)
        .allSatisfy(
            region -> assertThat(freed.find(ADDRESS + 1, region.freedNanos())).isSameAs(region));
  }

  @Test
  void knowsALargeRegionInWhosePlaceSmallOnesWere() {
    Region large = addThenFree(ADDRESS, 1 << 20);
    for (int i = 0; i < 10; i++) {
      addThenFree(ADDRESS + i * 8192L, 4096);
    }

    assertThat(freed.find(ADDRESS + (1 << 20) - 1, large.freedNanos())).isSameAs(large);
  }

  @Test
  void forgetsOldOnesAlsoBehindOneThatWasNotFreedAfterAll() {
    Region restored = addThenFree(ADDRESS);
    account.restore(restored);
    Region old = addThenFree(ADDRESS + (1 << 20));
    assertThat(freed.find(old.address(), old.freedNanos())).isSameAs(old);

    freed.update(old.freedNanos() + TimeUnit.SECONDS.toNanos(3));

    assertThat(freed.find(old.address(), old.freedNanos())).isNull();
  }

  private Region addThenFree(long address) {
    return addThenFree(address, 4096);
  }

  private Region addThenFree(long address, long size) {
    long now = System.nanoTime();
    Region region = new Region(1, RegionKind.UNSAFE, address, address, size, null, now);
    account.table().observeFreed(freed::add);
    account.table().add(region);
    account.freed(address);
    return region;
  }
}
