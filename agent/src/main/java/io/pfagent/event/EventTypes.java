package io.pfagent.event;

import java.util.List;
import jdk.jfr.FlightRecorder;

/** All events of the agent, and their coming and going in the JVM. */
final class EventTypes {

  /** In the order of the documentation. */
  static final List<Class<? extends PageFaultEvent>> ALL =
      List.of(
          RegionAllocationEvent.class,
          RegionFreeEvent.class,
          RegionTouchEvent.class,
          SampledFaultEvent.class,
          FaultSiteEvent.class,
          RegionStatisticsEvent.class,
          ThreadFaultsEvent.class,
          ProcessFaultsEvent.class,
          MemoryKindEvent.class,
          KernelSettingsEvent.class,
          CapabilityEvent.class,
          CostCalibrationEvent.class,
          LostSamplesEvent.class,
          PreallocChangeEvent.class);

  private EventTypes() {}

  static void register() {
    ALL.forEach(FlightRecorder::register);
  }

  /** Stacks and values that recordings already hold stay there. */
  static void unregister() {
    ALL.forEach(FlightRecorder::unregister);
  }
}
