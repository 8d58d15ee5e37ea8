package io.pfagent.jmx;

import io.pfagent.account.FaultCosts;
import io.pfagent.account.ProcessAccount;
import io.pfagent.sample.FaultSampler;
import io.pfagent.sample.SamplePeriod;

/** Answers {@link PageFaultsMXBean} from the process account. */
public final class PageFaultsBean implements PageFaultsMXBean {

  private final ProcessAccount account;
  private final FaultCosts costs;
  private final FaultSampler sampler;
  private final boolean writable;

  /**
   * @param writable whether the period may be changed
   */
  public PageFaultsBean(
      ProcessAccount account, FaultCosts costs, FaultSampler sampler, boolean writable) {
    this.account = account;
    this.costs = costs;
    this.sampler = sampler;
    this.writable = writable;
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
  public long getRestedFaults() {
    return account.read().rested();
  }

  @Override
  public long getFaultTimeNanos() {
    ProcessAccount.Split split = account.read();
    return costs.timeNanos(split.minor(), split.major());
  }

  @Override
  public long getSampledFaults() {
    return sampler.samples();
  }

  @Override
  public long getLostSamples() {
    return sampler.lostSamples() + sampler.droppedSamples();
  }

  @Override
  public String getSamplePeriod() {
    return sampler.period().toString();
  }

  @Override
  public void setSamplePeriod(String period) {
    if (!writable) {
      throw new IllegalStateException("the agent was started with jmx=readonly");
    }
    if (period == null) {
      throw new IllegalArgumentException("no period; give a number from 1, auto or off");
    }
    sampler.setPeriod(SamplePeriod.parse(period));
  }

  @Override
  public long getFaultsPerSample() {
    return sampler.faultsPerSample();
  }
}
