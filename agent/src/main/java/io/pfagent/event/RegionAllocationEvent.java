package io.pfagent.event;

import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.MemoryAddress;
import jdk.jfr.Name;
import jdk.jfr.Timespan;

@Name("pfagent.RegionAllocation")
@Label("Region Allocation")
@Description(
    "An off-heap region was allocated or mapped; duration and faults are those of the whole allocation, zeroing included")
final class RegionAllocationEvent extends PageFaultEvent {

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

  @Label("Path")
  @Description("The mapped file, if its channel knows its path")
  String path;

  @Label("Minor Faults")
  @Description(
      "Faults without input or output during the allocation; -1 if they could not be counted")
  long minorFaults;

  @Label("Major Faults")
  @Description(
      "Faults that waited for a device during the allocation; -1 if they could not be counted")
  long majorFaults;

  @Label("Fault Time (Estimate)")
  @Description(
      "Estimate: the faults times the cost of one, calibrated on this machine; not a measured time")
  @Timespan(Timespan.NANOSECONDS)
  long faultTime;

  @Label("Preallocated Pages")
  @Description(
      "Pages that the kernel was asked to hand out per fault in this region; 1 is its normal behaviour")
  long preallocPages;

  @Label("Zeroing")
  @Description(
      "Who zeroed the memory: jdk, kernel where the agent relieved the JDK of it, or none where the allocator leaves it as the kernel gives it")
  String zeroing;
}
