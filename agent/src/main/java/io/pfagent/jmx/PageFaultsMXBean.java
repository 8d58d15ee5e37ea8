package io.pfagent.jmx;

/** Page faults of the process since its start. */
@Description("Page faults of this process since its start")
public interface PageFaultsMXBean {

  /** Name of the bean. */
  String NAME = "io.pfagent:type=PageFaults";

  @Description("Faults without input or output")
  long getMinorFaults();

  @Description("Faults that waited for a device")
  long getMajorFaults();

  @Description(
      "Faults raised outside the kernel since the agent's start; -1 without user-faults=true")
  long getUserFaults();

  @Description(
      "Faults raised inside the kernel since the agent's start; -1 without user-faults=true")
  long getKernelFaults();

  @Description("Faults that are neither: most of them from before the agent's start")
  long getUnattributedFaults();

  @Description("Estimated time of all faults in nanoseconds: their number times the cost of one")
  long getFaultTimeNanos();
}
