package io.pfagent.event;

import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.MemoryAddress;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

@Name("pfagent.RegionFree")
@Label("Region Free")
@Description("An off-heap region was freed or unmapped")
@StackTrace(false)
final class RegionFreeEvent extends PageFaultEvent {

  @Label("Region")
  @Description(
      "Number of the region, counted from 1 in the order of allocation; the same in all events")
  long regionId;

  @Label("Kind")
  @Description("What the memory is: direct-buffer, unsafe, mapped-file or arena")
  String kind;

  @Label("Address")
  @Description("Where the usable memory starts")
  @MemoryAddress
  long address;

  @Label("Size")
  @Description("Usable bytes")
  @DataAmount
  long size;

  @Label("Lifetime")
  @Description("Time since its allocation")
  @Timespan(Timespan.NANOSECONDS)
  long lifetime;

  @Label("Minor Faults")
  @Description(
      "Faults of its allocation and of the touches that were measured; -1 if they could not be counted")
  long minorFaults;

  @Label("Major Faults")
  @Description(
      "Faults of its allocation and of the touches that were measured; -1 if they could not be counted")
  long majorFaults;

  @Label("Fault Time (Estimate)")
  @Description(
      "Estimate: the faults times the cost of one, calibrated on this machine; not a measured time")
  @Timespan(Timespan.NANOSECONDS)
  long faultTime;

  @Label("Unused Bytes (Estimate)")
  @Description(
      "Estimate, when last looked at: resident bytes in pages that hold zeros alone, where pages were preallocated at some time; -1 if never")
  @DataAmount
  long unusedBytes;
}
