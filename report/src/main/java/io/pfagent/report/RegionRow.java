package io.pfagent.report;

/**
 * One costly region. Unknown numbers are {@link EventFields#UNKNOWN}, unknown texts null.
 *
 * @param address where it began in memory
 * @param residentBytes the part of it that was in RAM when last looked at
 * @param hugeBytes the part of it in huge pages when last looked at
 * @param unusedBytes the part of it that was preallocated and not used when last looked at
 * @param allocationFaults minor and major faults while it was allocated
 * @param touchFaults minor and major faults later, in the recording
 * @param faults all of them as far as measured, also before the recording
 * @param faultTimeNanos estimated time of {@code faults}
 * @param lifetimeNanos from allocation to end, if freed
 * @param preallocPages pages per fault that the agent had asked for
 * @param zeroing who zeroed it: jdk, kernel or none
 * @param site where it was allocated
 * @param path the mapped file
 */
record RegionRow(
    long regionId,
    String kind,
    long address,
    long sizeBytes,
    long residentBytes,
    long hugeBytes,
    long unusedBytes,
    long allocationFaults,
    long touchFaults,
    long faults,
    long faultTimeNanos,
    boolean freed,
    long lifetimeNanos,
    long preallocPages,
    String zeroing,
    String site,
    String path) {}
