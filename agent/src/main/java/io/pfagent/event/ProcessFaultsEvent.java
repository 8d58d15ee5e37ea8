package io.pfagent.event;

import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Period;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

@Name("pfagent.ProcessFaults")
@Label("Process Faults")
@Description(
    "Page faults of the process since its start; user, kernel and unattributed faults add up to minor and major ones where all are known")
@StackTrace(false)
@Period("1 s")
final class ProcessFaultsEvent extends PageFaultEvent {

  @Label("Minor Faults")
  @Description("Faults without input or output since the start of the process")
  long minorFaults;

  @Label("Major Faults")
  @Description("Faults that waited for a device since the start of the process")
  long majorFaults;

  @Label("User Faults")
  @Description(
      "Faults raised outside the kernel while there was sampling; -1 with sample=off, or if perf events are denied")
  long userFaults;

  @Label("Kernel Faults")
  @Description(
      "Faults raised inside the kernel, as by a read into fresh memory, while there was sampling; -1 with sample=off, or if perf events are denied")
  long kernelFaults;

  @Label("Unattributed Faults")
  @Description(
      "The rest: faults from before sampling began and from while it was off or, where the others are unknown, all that no measured operation has claimed")
  long unattributedFaults;

  @Label("Rested Faults")
  @Description(
      "Of user and kernel faults, those that went by uncounted while sample=auto rested to keep its cost low; which side raised them is an estimate; -1 while there is no sampling")
  long restedFaults;

  @Label("Resident Bytes")
  @Description("Resident set size of the process; -1 if unknown")
  @DataAmount
  long residentBytes;

  @Label("Unused Bytes (Estimate)")
  @Description(
      "Estimate: resident bytes of preallocated regions whose pages hold zeros alone, most of them populated and never used; 0 where nothing ever was preallocated")
  @DataAmount
  long unusedBytes;

  @Label("Fault Time (Estimate)")
  @Description(
      "Estimate: the faults times the cost of one, calibrated on this machine; not a measured time")
  @Timespan(Timespan.NANOSECONDS)
  long faultTime;
}
