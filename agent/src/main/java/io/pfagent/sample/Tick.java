package io.pfagent.sample;

/**
 * What has happened since the last look, some tenths of a second ago.
 *
 * @param nanos how long that was
 * @param faults minor faults of the process, of either side, counted by events or not
 * @param switches how often a processor was taken from a thread of the process
 * @param processorNanos processor time of the process
 * @param samples that were read
 * @param lost whether a sample found no room
 */
record Tick(
    long nanos, long faults, long switches, long processorNanos, long samples, boolean lost) {}
