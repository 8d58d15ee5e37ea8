package io.pfagent.event;

import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

@Name("pfagent.PreallocChange")
@Label("Preallocation Change")
@Description("Pages per fault were changed, or a change was refused")
@StackTrace(false)
final class PreallocChangeEvent extends PageFaultEvent {

  @Label("Old Pages")
  @Description("Pages per fault before; 1 is the kernel's normal behaviour")
  long oldPages;

  @Label("New Pages")
  @Description("Pages per fault from now on")
  long newPages;

  @Label("Backend")
  @Description("How it is done: multi_page_alloc, mthp, thp, populate, or none")
  String backend;

  @Label("Scope")
  @Description("What it reaches: process, regions (all that are tracked), region (one), or none")
  String scope;

  @Label("Region")
  @Description("Number of the region, 0 for all")
  long regionId;

  @Label("Outcome")
  @Description("applied, rounded, kept as it was, refused, undone, or stopped for want of memory")
  String outcome;

  @Label("Message")
  @Description("What was done or not done, and why")
  String message;
}
