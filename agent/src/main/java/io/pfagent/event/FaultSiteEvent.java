package io.pfagent.event;

import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Period;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

@Name("pfagent.FaultSite")
@Label("Fault Site")
@Description("The code that has raised the most faults so far, by the kind of memory")
@StackTrace(false)
@Period("10 s")
final class FaultSiteEvent extends PageFaultEvent {

  @Label("Method")
  @Description("The innermost Java method; library and function where there is none")
  String method;

  @Label("Line")
  @Description("Line in the source; -1 if unknown")
  int line;

  @Label("Kind")
  @Description("What the memory is")
  String kind;

  @Label("Faults (Estimate)")
  @Description(
      "Faults raised there, and by the kernel in system calls from there, since sampling began, estimated from samples")
  long faults;

  @Label("Fault Time (Estimate)")
  @Description(
      "Estimate: the faults times the cost of one, calibrated on this machine; not a measured time")
  @Timespan(Timespan.NANOSECONDS)
  long faultTime;
}
