package io.pfagent.sample;

/**
 * What has happened since the last look, some tenths of a second ago.
 *
 * @param nanos how long that was
 * @param minorFaults of the process, of either side, counted by events or not
 * @param majorFaults alike
 * @param switches how often a processor was taken from a thread of the process
 * @param processorNanos processor time of the process
 * @param minorSamples samples of minor faults that were read
 * @param majorSamples samples of major faults that were read
 * @param lost whether a sample found no room
 */
record Tick(
    long nanos,
    long minorFaults,
    long majorFaults,
    long switches,
    long processorNanos,
    long minorSamples,
    long majorSamples,
    boolean lost) {

  long samples() {
    return minorSamples + majorSamples;
  }
}
