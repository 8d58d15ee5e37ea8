package io.pfagent.jmx;

/** Page faults of the process since its start. */
@Description("Page faults of this process since its start")
public interface PageFaultsMXBean {

  /** Name of the bean. */
  String NAME = "io.pfagent:type=PageFaults";

  @Description("Faults without input or output")
  long getMinorFaults();

  @Description("Faults that waited for a device")
  long getMajorFaults();

  @Description(
      "Faults raised outside the kernel since sampling began; -1 while there is no sampling")
  long getUserFaults();

  @Description(
      "Faults raised inside the kernel since sampling began; -1 while there is no sampling")
  long getKernelFaults();

  @Description("Faults that are neither: most of them from before sampling began")
  long getUnattributedFaults();

  @Description(
      "Of user and kernel faults, those that went by uncounted while sample=auto rested to keep its"
          + " cost low; which side raised them is an estimate; -1 while there is no sampling")
  long getRestedFaults();

  @Description("Estimated time of all faults in nanoseconds: their number times the cost of one")
  long getFaultTimeNanos();

  @Description("Samples that were read since the agent's start")
  long getSampledFaults();

  @Description("Samples that could not be kept, in the kernel's ring or on disk")
  long getLostSamples();

  /**
   * How often a fault is sampled: {@code auto}, {@code off}, or one in so many faults.
   *
   * <p>Setting it throws {@link IllegalArgumentException} for anything else, {@link
   * IllegalStateException} if sampling is denied here or the agent was started with {@code
   * jmx=readonly}.
   */
  @Description("Sample one in so many faults: a number from 1, auto, or off")
  String getSamplePeriod();

  void setSamplePeriod(String period);

  @Description(
      "The period in force: a sample for each so many faults; 0 while there is no sampling")
  long getFaultsPerSample();
}
