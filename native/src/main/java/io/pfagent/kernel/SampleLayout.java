package io.pfagent.kernel;

/**
 * What the kernel writes down with each sampled fault: always the thread, the time, the address,
 * and the user's program counter and stack pointer; a chain of return addresses or a copy of the
 * user's stack where asked.
 *
 * @param registers the user registers, a bit each (arch/x86/include/uapi/asm/perf_regs.h and
 *     arch/arm64/include/uapi/asm/perf_regs.h)
 * @param stackPointer number of the stack pointer's bit
 * @param programCounter number of the program counter's bit
 * @param chainFrames the most return addresses, found by frame pointers; 0 for none
 * @param stackBytes bytes of the stack that are copied, a multiple of 8; 0 for none
 */
public record SampleLayout(
    long registers, int stackPointer, int programCounter, int chainFrames, int stackBytes) {

  private static final long PERF_SAMPLE_TID = 1L << 1;
  private static final long PERF_SAMPLE_TIME = 1L << 2;
  private static final long PERF_SAMPLE_ADDR = 1L << 3;
  private static final long PERF_SAMPLE_CALLCHAIN = 1L << 5;
  private static final long PERF_SAMPLE_ID = 1L << 6;
  private static final long PERF_SAMPLE_REGS_USER = 1L << 12;
  private static final long PERF_SAMPLE_STACK_USER = 1L << 13;

  /** PERF_REG_X86_SP, PERF_REG_X86_IP. */
  private static final SampleLayout X86_64 = minimal(7, 8);

  /** PERF_REG_ARM64_SP, PERF_REG_ARM64_PC. */
  private static final SampleLayout AARCH64 = minimal(31, 32);

  /** No stack but its top, on the architecture that this JVM runs on. */
  public static SampleLayout leaf() {
    return System.getProperty("os.arch", "").equals("aarch64") ? AARCH64 : X86_64;
  }

  /** With return addresses, as far as the kernel's walk along frame pointers goes. */
  public SampleLayout withChain(int frames) {
    return new SampleLayout(registers, stackPointer, programCounter, frames, 0);
  }

  /** With these registers besides and a copy of the stack. */
  public SampleLayout withStack(long moreRegisters, int bytes) {
    return new SampleLayout(
        registers | moreRegisters, stackPointer, programCounter, 0, bytes & -Long.BYTES);
  }

  /** Bytes of the ring that a sample takes at the most. */
  public int bytesPerSample() {
    int words = 5 + 1 + Long.bitCount(registers);
    words += hasChain() ? 1 + chainFrames : 0;
    words += hasStack() ? 2 : 0;
    return words * Long.BYTES + stackBytes;
  }

  boolean hasChain() {
    return chainFrames > 0;
  }

  boolean hasStack() {
    return stackBytes > 0;
  }

  long sampleType() {
    return PERF_SAMPLE_TID
        | PERF_SAMPLE_TIME
        | PERF_SAMPLE_ADDR
        | PERF_SAMPLE_ID
        | (hasChain() ? PERF_SAMPLE_CALLCHAIN : 0)
        | PERF_SAMPLE_REGS_USER
        | (hasStack() ? PERF_SAMPLE_STACK_USER : 0);
  }

  /** Where a register stands among those that are sampled. */
  int indexOf(int register) {
    return Long.bitCount(registers & ((1L << register) - 1));
  }

  private static SampleLayout minimal(int stackPointer, int programCounter) {
    return new SampleLayout(
        1L << stackPointer | 1L << programCounter, stackPointer, programCounter, 0, 0);
  }
}
