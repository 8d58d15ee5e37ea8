package io.pfagent.report;

import java.util.List;

/**
 * What the samples of a recording say.
 *
 * @param quality their number, period, losses and stacks
 * @param kinds faults by kind of memory
 * @param account what became of all faults of the process
 * @param sites the code that raised most faults
 * @param regions the tracked regions with most sampled faults
 * @param majors the files whose pages were read from a device
 */
record SampleSummary(
    SampleQuality quality,
    List<KindTotals.Row> kinds,
    FaultAccount account,
    Ranking<FaultSites.Row> sites,
    Ranking<SampledRegion> regions,
    Ranking<MajorFaults.Row> majors) {}
