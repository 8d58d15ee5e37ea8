package io.pfagent.sample;

import static org.assertj.core.api.Assertions.assertThat;

import io.pfagent.account.Region;
import io.pfagent.account.RegionAccount;
import io.pfagent.account.RegionKind;
import java.util.concurrent.TimeUnit;
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
  void forgetsOldOnesAlsoBehindOneThatWasNotFreedAfterAll() {
    Region restored = addThenFree(ADDRESS);
    account.restore(restored);
    Region old = addThenFree(ADDRESS + (1 << 20));
    assertThat(freed.find(old.address(), old.freedNanos())).isSameAs(old);

    freed.update(old.freedNanos() + TimeUnit.SECONDS.toNanos(3));

    assertThat(freed.find(old.address(), old.freedNanos())).isNull();
  }

  private Region addThenFree(long address) {
    long now = System.nanoTime();
    Region region = new Region(1, RegionKind.UNSAFE, address, address, 4096, null, now);
    account.table().observeFreed(freed::add);
    account.table().add(region);
    account.freed(address);
    return region;
  }
}
