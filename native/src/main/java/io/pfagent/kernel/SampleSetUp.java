package io.pfagent.kernel;

/**
 * How samples are taken, whatever their period.
 *
 * @param layout what stands in a sample
 * @param ringBytes bytes of each processor's ring that are asked for, a power of two of pages; it
 *     gets fewer where the kernel's limit for locked memory says so
 * @param byProgram whether a BPF program is to write the samples of faults raised in user mode,
 *     where it is allowed; for a layout without stacks and registers
 */
public record SampleSetUp(SampleLayout layout, int ringBytes, boolean byProgram) {

  /** The kernel writes all samples itself. */
  public SampleSetUp(SampleLayout layout, int ringBytes) {
    this(layout, ringBytes, false);
  }
}
