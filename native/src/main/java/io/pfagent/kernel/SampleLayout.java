package io.pfagent.kernel;

/**
 * What the kernel writes down with each sampled fault: always the program counter, the thread, the
 * time and the address; a chain of return addresses, or registers and a copy of the user's stack
 * where asked. Registers alone would cost a fault 7 % of its time more than the program counter
 * does.
 *
 * @param registers the user registers, a bit each (arch/x86/include/uapi/asm/perf_regs.h and
 *     arch/arm64/include/uapi/asm/perf_regs.h); 0 for none
 * @param stackPointer number of the stack pointer's bit
 * @param programCounter number of the program counter's bit
 * @param chainFrames the most return addresses, found by frame pointers; 0 for none
 * @param stackBytes bytes of the stack that are copied, a multiple of 8; 0 for none
 */
public record SampleLayout(
    long registers, int stackPointer, int programCounter, int chainFrames, int stackBytes) {

  private static final long PERF_SAMPLE_IP = 1L;
  private static final long PERF_SAMPLE_TID = 1L << 1;
  private static final long PERF_SAMPLE_TIME = 1L << 2;
  private static final long PERF_SAMPLE_ADDR = 1L << 3;
  private static final long PERF_SAMPLE_CALLCHAIN = 1L << 5;
  private static final long PERF_SAMPLE_ID = 1L << 6;
  private static final long PERF_SAMPLE_REGS_USER = 1L << 12;
  private static final long PERF_SAMPLE_STACK_USER = 1L << 13;

  // PERF_REG_X86_SP and PERF_REG_X86_IP, PERF_REG_ARM64_SP and PERF_REG_ARM64_PC.
  private static final int X86_64_SP = 7;
  private static final int X86_64_PC = 8;
  private static final int AARCH64_SP = 31;
  private static final int AARCH64_PC = 32;

  /** No stack but its top, on the architecture that this JVM runs on. */
  public static SampleLayout leaf() {
    boolean isArm = System.getProperty("os.arch", "").equals("aarch64");
    return isArm
        ? new SampleLayout(0, AARCH64_SP, AARCH64_PC, 0, 0)
        : new SampleLayout(0, X86_64_SP, X86_64_PC, 0, 0);
  }

  /** With return addresses, as far as the kernel's walk along frame pointers goes. */
  public SampleLayout withChain(int frames) {
    return new SampleLayout(registers, stackPointer, programCounter, frames, 0);
  }

  /** With a copy of the stack, the stack pointer and these registers besides. */
  public SampleLayout withStack(long moreRegisters, int bytes) {
    return new SampleLayout(
        moreRegisters | 1L << stackPointer, stackPointer, programCounter, 0, bytes & -Long.BYTES);
  }

  /**
   * For faults that the kernel raises on a thread's behalf: the program counter of such a sample is
   * the kernel's own, the thread's is among its registers.
   */
  SampleLayout inKernel() {
    return new SampleLayout(
        registers | 1L << stackPointer | 1L << programCounter,
        stackPointer,
        programCounter,
        chainFrames,
        stackBytes);
  }

  /** Bytes of the ring that a sample takes at the most. */
  public int bytesPerSample() {
    int words = 6;
    words += hasRegisters() ? 1 + Long.bitCount(registers) : 0;
    words += hasChain() ? 1 + chainFrames : 0;
    words += hasStack() ? 2 : 0;
    return words * Long.BYTES + stackBytes;
  }

  boolean hasChain() {
    return chainFrames > 0;
  }

  boolean hasRegisters() {
    return registers != 0;
  }

  boolean hasStack() {
    return stackBytes > 0;
  }

  long sampleType() {
    return PERF_SAMPLE_IP
        | PERF_SAMPLE_TID
        | PERF_SAMPLE_TIME
        | PERF_SAMPLE_ADDR
        | PERF_SAMPLE_ID
        | (hasChain() ? PERF_SAMPLE_CALLCHAIN : 0)
        | (hasRegisters() ? PERF_SAMPLE_REGS_USER : 0)
        | (hasStack() ? PERF_SAMPLE_STACK_USER : 0);
  }

  /** Where a register stands among those that are sampled. */
  int indexOf(int register) {
    return Long.bitCount(registers & ((1L << register) - 1));
  }
}
