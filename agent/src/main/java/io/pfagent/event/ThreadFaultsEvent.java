package io.pfagent.event;

import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Period;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

@Name("pfagent.ThreadFaults")
@Label("Thread Faults")
@Description("Counters of a thread since its start, for threads whose counters have changed")
@StackTrace(false)
@Period("1 s")
final class ThreadFaultsEvent extends PageFaultEvent {

  @Label("Target Thread")
  @Description("The Java thread; none for a thread of the virtual machine or of native code")
  Thread target;

  @Label("OS Thread Id")
  @Description("The kernel's number of the thread")
  long osThreadId;

  @Label("OS Thread Name")
  @Description("The kernel's name of the thread, at most 15 characters")
  String osName;

  @Label("Minor Faults")
  @Description("Faults without input or output since the thread's start")
  long minorFaults;

  @Label("Major Faults")
  @Description("Faults that waited for a device since the thread's start")
  long majorFaults;

  @Label("User Time")
  @Description(
      "Processor time outside the kernel since the thread's start, in ticks of the kernel's clock")
  @Timespan(Timespan.NANOSECONDS)
  long userTime;

  @Label("System Time")
  @Description(
      "Processor time inside the kernel since the thread's start, in ticks of the kernel's clock")
  @Timespan(Timespan.NANOSECONDS)
  long systemTime;

  @Label("Voluntary Switches")
  @Description("How often the thread waited; -1 if unknown")
  long voluntarySwitches;

  @Label("Involuntary Switches")
  @Description("How often the thread was preempted; -1 if unknown")
  long involuntarySwitches;

  @Label("Read Calls")
  @Description("System calls that read, since the thread's start; -1 if unknown")
  long readCalls;

  @Label("Write Calls")
  @Description("System calls that wrote, since the thread's start; -1 if unknown")
  long writeCalls;
}
