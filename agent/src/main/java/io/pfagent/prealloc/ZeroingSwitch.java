package io.pfagent.prealloc;

import io.pfagent.account.RegionAccount;

/** Who zeroes new regions. Changed by one thread at a time; any thread may ask. */
final class ZeroingSwitch {

  private final RegionAccount account;
  private final BlockAdviser blocks;
  private final Maintenance maintenance;

  ZeroingSwitch(RegionAccount account, BlockAdviser blocks, Maintenance maintenance) {
    this.account = account;
    this.blocks = blocks;
    this.maintenance = maintenance;
  }

  boolean isKernel() {
    return blocks.isZeroedByKernel();
  }

  /** The word for it: {@code jdk} or {@code kernel}. */
  String word() {
    return isKernel() ? "kernel" : "jdk";
  }

  /**
   * Chooses for regions that are allocated from now on.
   *
   * @param isPlanOn whether the thread for maintenance has more to do than to name sites
   * @throws IllegalArgumentException if it is neither {@code jdk} nor {@code kernel}
   */
  void set(String who, boolean isPlanOn) {
    if (!who.equals("jdk") && !who.equals("kernel")) {
      throw new IllegalArgumentException("zeroing " + who + " must be jdk or kernel");
    }
    boolean byKernel = who.equals("kernel");
    account.setSitesNamedLater(byKernel);
    blocks.setZeroedByKernel(byKernel);
    maintenance.setOn(isPlanOn || byKernel);
  }
}
