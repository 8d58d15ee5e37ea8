package io.pfagent.jmx;

import io.pfagent.account.FaultCosts;
import io.pfagent.account.ProcessAccount;

/** Answers {@link PageFaultsMXBean} from the process account. */
public final class PageFaultsBean implements PageFaultsMXBean {

  private final ProcessAccount account;
  private final FaultCosts costs;

  public PageFaultsBean(ProcessAccount account, FaultCosts costs) {
    this.account = account;
    this.costs = costs;
  }

  @Override
  public long getMinorFaults() {
    return account.read().minor();
  }

  @Override
  public long getMajorFaults() {
    return account.read().major();
  }

  @Override
  public long getUserFaults() {
    return account.read().user();
  }

  @Override
  public long getKernelFaults() {
    return account.read().kernel();
  }

  @Override
  public long getUnattributedFaults() {
    return account.read().unattributed();
  }

  @Override
  public long getFaultTimeNanos() {
    ProcessAccount.Split split = account.read();
    return costs.timeNanos(split.minor(), split.major());
  }
}
