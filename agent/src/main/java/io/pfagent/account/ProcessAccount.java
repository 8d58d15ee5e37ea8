package io.pfagent.account;

import java.util.function.Supplier;

/**
 * The faults of the whole process, split as far as counters tell: raised outside the kernel, raised
 * inside it, and the rest.
 */
public final class ProcessAccount {

  private final Supplier<FaultCount> process;
  private final SideCounters counters;
  private final RegionAccount regions;

  /**
   * @param process all faults of the process since its start, as the kernel counts them
   * @param counters which side raised them
   * @param regions whose claims are known even if user faults are not
   */
  public ProcessAccount(
      Supplier<FaultCount> process, SideCounters counters, RegionAccount regions) {
    this.process = process;
    this.counters = counters;
    this.regions = regions;
  }

  /** The split as of now. */
  public Split read() {
    long user = counters.userFaults();
    FaultCount all = process.get();
    if (!all.isKnown()) {
      return new Split(-1, -1, user, -1, -1, -1);
    }
    if (user < 0) {
      long claimed = regions.minorFaults() + regions.majorFaults();
      return new Split(all.minor(), all.major(), -1, -1, Math.max(0, all.total() - claimed), -1);
    }
    long kernel = Math.max(0, all.total() - counters.unsampledFaults() - user);
    return new Split(
        all.minor(),
        all.major(),
        user,
        kernel,
        all.total() - user - kernel,
        counters.restedFaults());
  }

  /**
   * Faults of the process; -1 where unknown.
   *
   * @param minor since the start of the process
   * @param major since the start of the process
   * @param user raised outside the kernel while there was sampling
   * @param kernel raised inside the kernel while there was sampling
   * @param unattributed those from while there was none; where user and kernel are unknown, all
   *     that no hooked operation has claimed
   * @param rested those among user and kernel that were not counted one by one
   */
  public record Split(
      long minor, long major, long user, long kernel, long unattributed, long rested) {}
}
