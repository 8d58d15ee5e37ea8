package io.pfagent.event;

import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Period;
import jdk.jfr.StackTrace;

@Name("pfagent.Capability")
@Label("Capability")
@Description("What this machine allows the agent, and what it does instead")
@StackTrace(false)
@Period("everyChunk")
final class CapabilityEvent extends PageFaultEvent {

  @Label("Name")
  @Description("What the agent would use")
  String name;

  @Label("Available")
  @Description("Whether it can")
  boolean available;

  @Label("Reason")
  @Description("Why not, and what would change that")
  String reason;

  @Label("Fallback")
  @Description("What it does instead")
  String fallback;
}
