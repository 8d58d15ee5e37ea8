package io.pfagent.event;

import io.pfagent.kernel.Capability;
import io.pfagent.kernel.Cost;
import io.pfagent.kernel.KernelSettings;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Emits what holds for the machine: its settings, what it allows, what a fault costs on it. */
public final class MachineEvents {

  private static final KernelSettingsEvent SETTINGS = new KernelSettingsEvent();
  private static final CapabilityEvent CAPABILITY = new CapabilityEvent();
  private static final CostCalibrationEvent CALIBRATION = new CostCalibrationEvent();

  /** -1 is a level. */
  private static final int UNKNOWN_LEVEL = -2;

  private final Supplier<KernelSettings> settings;
  private final Supplier<List<Capability>> capabilities;
  private final Optional<Cost> cost;

  public MachineEvents(
      Supplier<KernelSettings> settings,
      Supplier<List<Capability>> capabilities,
      Optional<Cost> cost) {
    this.settings = settings;
    this.capabilities = capabilities;
    this.cost = cost;
  }

  void emitKernelSettings() {
    if (!SETTINGS.isEnabled()) {
      return;
    }
    KernelSettings now = settings.get();
    KernelSettingsEvent event = new KernelSettingsEvent();
    event.kernel = now.kernel();
    event.pageSize = now.pageSize();
    event.multiPageAlloc = now.multiPageAlloc();
    event.thp = now.thp();
    event.mthp = now.mthp();
    event.faultAroundBytes = now.faultAroundBytes();
    event.overcommit = now.overcommit();
    event.perfParanoid =
        now.perfParanoid() == KernelSettings.NO_LEVEL ? UNKNOWN_LEVEL : now.perfParanoid();
    event.memoryLimit = now.memoryLimit();
    event.commit();
  }

  void emitCapabilities() {
    if (!CAPABILITY.isEnabled()) {
      return;
    }
    for (Capability capability : capabilities.get()) {
      CapabilityEvent event = new CapabilityEvent();
      event.name = capability.name();
      event.available = capability.available();
      event.reason = capability.reason();
      event.fallback = capability.fallback();
      event.commit();
    }
  }

  void emitCalibration() {
    if (!CALIBRATION.isEnabled() || cost.isEmpty()) {
      return;
    }
    Cost measured = cost.get();
    CostCalibrationEvent event = new CostCalibrationEvent();
    event.operation = measured.operation();
    event.pages = measured.pages();
    event.pattern = measured.pattern();
    event.cost = measured.costNanos();
    event.samples = measured.samples();
    event.commit();
  }
}
