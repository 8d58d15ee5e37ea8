package io.pfagent.event;

import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Period;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

@Name("pfagent.MemoryKind")
@Label("Memory by Kind")
@Description("The memory of the process by its kind, and the faults on it")
@StackTrace(false)
@Period("10 s")
final class MemoryKindEvent extends PageFaultEvent {

  @Label("Kind")
  @Description(
      "direct-buffer, unsafe, mapped-file, arena, java-heap, metaspace, code-cache, thread-stack, gc, native-library, malloc or other")
  String kind;

  @Label("Reserved Bytes")
  @Description("Address space of this kind; -1 if unknown")
  @DataAmount
  long reservedBytes;

  @Label("Resident Bytes")
  @Description("Bytes of it whose pages this process has mapped; -1 if unknown")
  @DataAmount
  long residentBytes;

  @Label("Huge Bytes")
  @Description("Resident bytes that one entry maps 2 MB or more at a time; -1 if unknown")
  @DataAmount
  long hugeBytes;

  @Label("Faults (Estimate)")
  @Description(
      "Faults raised in user mode since sampling began: samples, scaled to the number that the kernel has counted; -1 while there is no sampling")
  long faults;

  @Label("Kernel Faults (Estimate)")
  @Description(
      "Faults that the kernel raised on it since sampling began, in system calls of the process, by samples; -1 while these are not sampled")
  long kernelFaults;

  @Label("Fault Time (Estimate)")
  @Description(
      "Estimate: the faults of both sides times the cost of one, calibrated on this machine; not a measured time")
  @Timespan(Timespan.NANOSECONDS)
  long faultTime;
}
