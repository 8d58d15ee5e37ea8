package io.pfagent.event;

import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Period;
import jdk.jfr.StackTrace;

@Name("pfagent.LostSamples")
@Label("Lost Samples")
@Description("Samples that were taken but could not be kept; there is none while nothing is lost")
@StackTrace(false)
@Period("1 s")
final class LostSamplesEvent extends PageFaultEvent {

  @Label("Lost")
  @Description("Samples since the last event of the same reason")
  long lost;

  @Label("Reason")
  @Description(
      "ring: the kernel's buffer was full, sample more rarely; disk: samples-max was reached or the disk is full, the oldest samples went")
  String reason;
}
