package io.pfagent.agent;

import io.pfagent.account.FaultCosts;
import io.pfagent.account.FaultCount;
import io.pfagent.account.ProcessAccount;
import io.pfagent.account.Region;
import io.pfagent.account.RegionAccount;
import io.pfagent.account.SideCounters;
import io.pfagent.kernel.Capability;
import io.pfagent.kernel.Cost;
import io.pfagent.kernel.FaultCost;
import io.pfagent.kernel.HotSpotThreads;
import io.pfagent.kernel.JnaThreads;
import io.pfagent.kernel.KernelSettings;
import io.pfagent.kernel.PageMap;
import io.pfagent.kernel.Rusage;
import io.pfagent.kernel.Tasks;
import io.pfagent.kernel.UnusedPages;
import java.util.List;
import java.util.Optional;

/** What the agent holds open of the kernel: opened once, given back at {@link #close}. */
final class Machine implements AutoCloseable {

  private final Optional<Cost> faultCost = FaultCost.anonymousMinorFault();
  private final Rusage rusage = new Rusage();
  private final PageMap pageMap = PageMap.open();
  private final Tasks tasks = Tasks.open();
  private final Capability taskIo = Tasks.ioCapability();
  private final HotSpotThreads hotSpotThreads = HotSpotThreads.open();
  private final long pageSize = KernelSettings.read().pageSize();
  private UnusedPages unusedPages;

  private Machine() {}

  /** Opens all. */
  static Machine open() {
    return new Machine();
  }

  boolean canCount() {
    return Rusage.capability().available();
  }

  long pageSize() {
    return pageSize;
  }

  Optional<Cost> faultCost() {
    return faultCost;
  }

  FaultCosts costs() {
    return new FaultCosts(faultCost.map(Cost::costNanos).orElse(0L));
  }

  PageMap pageMap() {
    return pageMap;
  }

  /** What of a region's memory is resident and unused: told, and kept in {@link Region}. */
  synchronized long unusedBytes(Region region) {
    if (unusedPages == null) {
      unusedPages = new UnusedPages(pageMap);
    }
    region.setUnusedBytes(unusedPages.bytes(region.address(), region.size()));
    return region.unusedBytes();
  }

  Tasks tasks() {
    return tasks;
  }

  /** Whether the kernel counts the reads and writes of each thread. */
  boolean countsTaskIo() {
    return taskIo.available();
  }

  HotSpotThreads hotSpotThreads() {
    return hotSpotThreads;
  }

  /**
   * Faults of the whole process, split as far as it goes here.
   *
   * @param counters which side raised them
   */
  ProcessAccount processAccount(RegionAccount regions, SideCounters counters) {
    return new ProcessAccount(this::processFaults, counters, regions);
  }

  /** What is denied here is unknown later, and stands among these. */
  List<Capability> capabilities() {
    return List.of(
        Rusage.capability(),
        pageMap.capability(),
        tasks.capability(),
        taskIo,
        hotSpotThreads.capability(),
        faultCostCapability());
  }

  @Override
  public void close() {
    tasks.close();
    pageMap.close();
    JnaThreads.end();
  }

  private synchronized FaultCount processFaults() {
    return rusage.readProcess()
        ? new FaultCount(rusage.minorFaults(), rusage.majorFaults())
        : FaultCount.UNKNOWN;
  }

  private Capability faultCostCapability() {
    return faultCost.isPresent()
        ? new Capability("fault-cost", true, "", "")
        : new Capability(
            "fault-cost", false, "memory can't be mapped to measure it", "fault times are 0");
  }
}
