package io.pfagent.chunk;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.MemoryAddress;
import jdk.jfr.Name;

/** The event as the agent registers it; it is never committed. */
@Name("pfagent.PageFault")
@Label("Page Fault")
@Category("Page Faults")
final class PageFault extends Event {

  @Label("Region")
  long regionId;

  @Label("Kind")
  String kind;

  @Label("Address")
  @MemoryAddress
  long address;

  @Label("Offset")
  @DataAmount
  long offset;

  @Label("Major")
  boolean major;

  @Label("In Kernel")
  boolean inKernel;

  @Label("Weight")
  long weight;

  @Label("Stack State")
  String stackState;
}
