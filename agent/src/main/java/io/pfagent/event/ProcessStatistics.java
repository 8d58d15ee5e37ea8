package io.pfagent.event;

import io.pfagent.account.FaultCosts;
import io.pfagent.account.ProcessAccount;
import java.util.function.LongSupplier;

/** Emits {@code pfagent.ProcessFaults}. */
public final class ProcessStatistics {

  private static final ProcessFaultsEvent TYPE = new ProcessFaultsEvent();

  private final ProcessAccount account;
  private final LongSupplier residentBytes;
  private final LongSupplier unusedBytes;
  private final FaultCosts costs;

  /**
   * @param residentBytes resident set size of the process, -1 if unknown
   * @param unusedBytes what was preallocated and nobody uses
   */
  public ProcessStatistics(
      ProcessAccount account,
      LongSupplier residentBytes,
      LongSupplier unusedBytes,
      FaultCosts costs) {
    this.account = account;
    this.residentBytes = residentBytes;
    this.unusedBytes = unusedBytes;
    this.costs = costs;
  }

  void emit() {
    if (!TYPE.isEnabled()) {
      return;
    }
    ProcessFaultsEvent event = new ProcessFaultsEvent();
    event.residentBytes = residentBytes.getAsLong();
    event.unusedBytes = unusedBytes.getAsLong();
    // Last, as near as can be to the time that the event gets.
    ProcessAccount.Split split = account.read();
    event.minorFaults = split.minor();
    event.majorFaults = split.major();
    event.userFaults = split.user();
    event.kernelFaults = split.kernel();
    event.unattributedFaults = split.unattributed();
    event.restedFaults = split.rested();
    event.faultTime = costs.timeNanos(split.minor(), split.major());
    event.commit();
  }
}
