package io.pfagent.chunk;

/**
 * What became of the samples.
 *
 * @param joined samples that are now events of the recording
 * @param leftOut samples from before the recording's beginning or after its end
 * @param dropped samples that the sample file had lost already, to keep within its bound
 * @param bytes size of the file with the samples in it
 */
public record JoinResult(long joined, long leftOut, long dropped, long bytes) {}
