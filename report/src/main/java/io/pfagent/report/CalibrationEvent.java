package io.pfagent.report;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Registered;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** The agent's event of the same name, as the command writes it. */
@Name("pfagent.CostCalibration")
@Label("Cost Calibration")
@Description("What an operation costs on this machine, measured by the command calibrate")
@Category("Page Faults")
@StackTrace(false)
@Registered(false)
final class CalibrationEvent extends Event {

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
