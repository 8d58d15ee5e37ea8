package io.pfagent.event;

import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.MemoryAddress;
import jdk.jfr.Name;

/**
 * A sampled fault. Never committed: an event from Java would carry the time, thread and stack of
 * who commits it. That it is registered makes its type known to the recording; the samples
 * themselves are joined to it when it closes.
 */
@Name("pfagent.PageFault")
@Label("Page Fault")
@Description("A sampled page fault, with the thread that raised it, its stack and its time")
final class SampledFaultEvent extends PageFaultEvent {

  @Label("Region")
  @Description("Number of the region that held the address at that time; 0 if none did")
  long regionId;

  @Label("Kind")
  @Description("What the memory is")
  String kind;

  @Label("Address")
  @Description("The address that was accessed")
  @MemoryAddress
  long address;

  @Label("Offset")
  @Description("Bytes from the beginning of the region; -1 outside regions")
  @DataAmount
  long offset;

  @Label("Major")
  @Description("Whether the fault waited for a device")
  boolean major;

  @Label("In Kernel")
  @Description(
      "Whether the kernel raised the fault, in a system call of the thread, as a read into fresh memory does")
  boolean inKernel;

  @Label("Weight")
  @Description("How many faults this sample stands for")
  long weight;

  @Label("Stack State")
  @Description(
      "What the stack is worth: complete, truncated, return-barrier (a virtual thread that was parked before), leaf (its top only), interpreted, no-java-frame, bad-pc, guessed or unknown")
  String stackState;
}
