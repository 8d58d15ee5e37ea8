package io.pfagent.event;

import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Timespan;

@Name("pfagent.RegionTouch")
@Label("Region Touch")
@Description("A measured operation touched memory and faulted")
final class RegionTouchEvent extends PageFaultEvent {

  @Label("Region")
  @Description("Number of the region that holds the memory; 0 if none is tracked there")
  long regionId;

  @Label("Operation")
  @Description("set, copy, load, force, or method for one that the option touch= names")
  String operation;

  @Label("Method")
  @Description("The method that was measured")
  String method;

  @Label("Bytes")
  @Description("How much the operation was asked to touch; 0 if it does not say")
  @DataAmount
  long bytes;

  @Label("Minor Faults")
  @Description(
      "Faults of the operation that no measured operation inside it has claimed; -1 if they could not be counted")
  long minorFaults;

  @Label("Major Faults")
  @Description(
      "Faults of the operation that no measured operation inside it has claimed; -1 if they could not be counted")
  long majorFaults;

  @Label("Fault Time (Estimate)")
  @Description(
      "Estimate: the faults times the cost of one, calibrated on this machine; not a measured time")
  @Timespan(Timespan.NANOSECONDS)
  long faultTime;
}
