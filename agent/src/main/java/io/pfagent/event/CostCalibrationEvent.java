package io.pfagent.event;

import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Period;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

@Name("pfagent.CostCalibration")
@Label("Cost Calibration")
@Description(
    "What an operation costs on this machine, measured by the agent; the base of every estimated fault time")
@StackTrace(false)
@Period("everyChunk")
final class CostCalibrationEvent extends PageFaultEvent {

  @Label("Operation")
  @Description("What was measured")
  String operation;

  @Label("Pages")
  @Description("Pages per round")
  long pages;

  @Label("Pattern")
  @Description("Order in which the pages were touched")
  String pattern;

  @Label("Cost")
  @Description("Median of the rounds, for one operation")
  @Timespan(Timespan.NANOSECONDS)
  long cost;

  @Label("Samples")
  @Description("Rounds")
  long samples;
}
