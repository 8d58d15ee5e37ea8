package io.pfagent.jmx;

import java.util.List;

/** Tracked off-heap regions. */
@Description("Off-heap regions that the agent tracks: those from the option min-size on")
public interface RegionsMXBean {

  /** Name of the bean. */
  String NAME = "io.pfagent:type=Regions";

  @Description("Live regions")
  long getTrackedRegions();

  @Description("Bytes of the live regions")
  long getTrackedBytes();

  @Description(
      "Bytes of the live regions whose pages are resident; -1 if unknown. Walks all of them")
  long getResidentBytes();

  /**
   * The live regions that have cost the most faults so far.
   *
   * @param n how many, 1 to 1000
   * @throws IllegalArgumentException if {@code n} is outside
   */
  @Description("The live regions that have cost the most faults so far")
  List<RegionInfo> topRegions(@Description(name = "n", value = "How many, 1 to 1000") int n);
}
