package io.pfagent.report;

/**
 * A tracked region with sampled faults. Unknown numbers are {@link EventFields#UNKNOWN}, unknown
 * texts null.
 *
 * @param faults what its samples stand for
 * @param preallocPages pages per fault that the agent had asked for
 * @param pattern where in it the faults are, and in which order
 * @param site where it was allocated
 * @param path the mapped file
 */
record SampledRegion(
    long regionId,
    String kind,
    long sizeBytes,
    long faults,
    long preallocPages,
    AccessPattern.Pattern pattern,
    String site,
    String path) {}
