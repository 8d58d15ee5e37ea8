package io.pfagent.kernel;

/**
 * How samples are taken, whatever their period.
 *
 * @param layout what stands in a sample
 * @param ringBytes bytes of each processor's ring that are asked for, a power of two of pages; it
 *     gets fewer where the kernel's limit for locked memory says so
 */
public record SampleSetUp(SampleLayout layout, int ringBytes) {}
