package io.pfagent.event;

import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Period;
import jdk.jfr.StackTrace;

@Name("pfagent.KernelSettings")
@Label("Kernel Settings")
@Description("What the kernel is set to where it bears on page faults")
@StackTrace(false)
@Period("everyChunk")
final class KernelSettingsEvent extends PageFaultEvent {

  @Label("Kernel")
  @Description("Release, as uname -r")
  String kernel;

  @Label("Page Size")
  @Description("Size of a base page")
  @DataAmount
  long pageSize;

  @Label("Pages per Fault")
  @Description("Setting of multi_page_alloc; 0 if this kernel does not have it")
  long multiPageAlloc;

  @Label("Transparent Huge Pages")
  @Description("always, madvise or never")
  String thp;

  @Label("Multi-size Huge Pages")
  @Description("Each size with its setting")
  String mthp;

  @Label("Fault-around")
  @Description("Bytes of a file that one fault maps; -1 if it can't be read")
  @DataAmount
  long faultAroundBytes;

  @Label("Overcommit")
  @Description("vm.overcommit_memory: 0 heuristic, 1 always, 2 never; -1 if it can't be read")
  int overcommit;

  @Label("perf_event_paranoid")
  @Description(
      "What ordinary users may measure: from -1 (all) to 4 (nothing), -2 if unknown; see perf_event_open(2)")
  int perfParanoid;

  @Label("Memory Limit")
  @Description("The tightest limit of the control group; -1 if there is none")
  @DataAmount
  long memoryLimit;
}
