package io.pfagent.event;

import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.MemoryAddress;
import jdk.jfr.Name;
import jdk.jfr.Period;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

@Name("pfagent.RegionStatistics")
@Label("Region Statistics")
@Description("The live regions that have cost the most so far")
@StackTrace(false)
@Period("1 s")
final class RegionStatisticsEvent extends PageFaultEvent {

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

  @Label("Resident Bytes")
  @Description("Bytes whose pages this process has mapped; -1 if unknown")
  @DataAmount
  long residentBytes;

  @Label("Huge Bytes")
  @Description("Resident bytes that one entry maps 2 MB at a time; -1 if unknown")
  @DataAmount
  long hugeBytes;

  @Label("Unused Bytes (Estimate)")
  @Description(
      "Estimate: resident bytes in pages that hold zeros alone, where pages were preallocated at some time; -1 if not looked at")
  @DataAmount
  long unusedBytes;

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

  @Label("Allocation Site")
  @Description("First frame outside the JDK and the agent; empty if it was not taken")
  String site;
}
