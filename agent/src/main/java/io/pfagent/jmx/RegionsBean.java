package io.pfagent.jmx;

import io.pfagent.account.FaultCosts;
import io.pfagent.account.HottestRegions;
import io.pfagent.account.Region;
import io.pfagent.account.RegionAccount;
import java.util.List;
import java.util.function.ToLongFunction;

/** Answers {@link RegionsMXBean} from the region table. */
public final class RegionsBean implements RegionsMXBean {

  private static final int MOST = 1000;

  private final RegionAccount account;
  private final ToLongFunction<Region> residentBytes;
  private final FaultCosts costs;

  /**
   * @param residentBytes resident bytes of a region, -1 if unknown
   */
  public RegionsBean(
      RegionAccount account, ToLongFunction<Region> residentBytes, FaultCosts costs) {
    this.account = account;
    this.residentBytes = residentBytes;
    this.costs = costs;
  }

  @Override
  public long getTrackedRegions() {
    return account.table().regionCount();
  }

  @Override
  public long getTrackedBytes() {
    return account.table().byteCount();
  }

  @Override
  public long getResidentBytes() {
    ResidentSum sum = new ResidentSum();
    long next = 0;
    do {
      next = account.table().scan(next, 1000, region -> sum.add(residentBytes.applyAsLong(region)));
    } while (next != 0 && sum.bytes >= 0);
    return sum.bytes;
  }

  @Override
  public List<RegionInfo> topRegions(int n) {
    if (n < 1 || n > MOST) {
      throw new IllegalArgumentException("n=" + n + " must be 1 to " + MOST);
    }
    account.nameSites();
    return new HottestRegions(account.table(), n, Integer.MAX_VALUE)
        .find().stream()
            .map(region -> new RegionInfo(region, residentBytes.applyAsLong(region), costs))
            .toList();
  }

  /** Unknown as soon as one part is. */
  private static final class ResidentSum {
    private long bytes;

    void add(long part) {
      bytes = part < 0 || bytes < 0 ? -1 : bytes + part;
    }
  }
}
