package io.pfagent.kernel;

import static io.pfagent.kernel.BpfCode.R0;
import static io.pfagent.kernel.BpfCode.R1;
import static io.pfagent.kernel.BpfCode.R2;
import static io.pfagent.kernel.BpfCode.R3;
import static io.pfagent.kernel.BpfCode.R4;
import static io.pfagent.kernel.BpfCode.R6;
import static io.pfagent.kernel.BpfCode.R7;
import static io.pfagent.kernel.BpfCode.R8;
import static io.pfagent.kernel.BpfCode.R9;
import static io.pfagent.kernel.BpfCode.STACK;

/**
 * The BPF program that writes samples in the kernel's place: where a sample holds no stack, that
 * takes about half the time. It runs in the thread that faults, in the kernel, and does this:
 *
 * <pre>
 *   if (head - tail >= entries) { lost++; return 0; }
 *   sample = data[head % entries];
 *   sample.ip = context.ip;  sample.addr = context.addr;  sample.id = -context.sample_period;
 *   sample.time = ktime_get_ns();  sample.tid = current;
 *   head++;
 *   return head % (entries / 4) == 0;
 * </pre>
 *
 * <p>Where it returns 1, the kernel writes a sample of its own into the processor's ring, an empty
 * one, which wakes the reader.
 */
final class FaultProgram {

  // The array that it shares with the reader. What one side writes has a cache line of its own.
  static final int HEAD = 0;
  static final int TAIL = 64;
  static final int LOST = 128;
  static final int DATA = 4096;

  // A sample, in the order of a record of perf_event_open(2) without its header.
  private static final int IP = 0;
  private static final int TID = 12;
  private static final int TIME = 16;
  private static final int ADDR = 24;
  private static final int ID = 32;
  static final int SAMPLE_BYTES = 40;

  /** So much of a ring wakes the reader. */
  private static final int WAKEUP_PART = 4;

  // enum bpf_func_id of include/uapi/linux/bpf.h.
  private static final int KTIME_GET_NS = 5;
  private static final int GET_CURRENT_PID_TGID = 14;
  private static final int GET_NS_CURRENT_PID_TGID = 120;

  private FaultProgram() {}

  /**
   * What the program is given, {@code struct bpf_perf_event_data}: user registers, then the period
   * and the address of the sample.
   *
   * @param programCounter offset of that register
   * @param period offset of the period, which the address follows
   */
  record Context(int programCounter, int period) {

    /** {@code struct pt_regs} of arch/x86/include/asm/ptrace.h. */
    static final Context X86_64 = new Context(128, 168);

    /** {@code struct user_pt_regs} of arch/arm64/include/uapi/asm/ptrace.h. */
    static final Context AARCH64 = new Context(256, 272);

    /** That of the architecture that this JVM runs on. */
    static Context ofThisMachine() {
      return System.getProperty("os.arch", "").equals("aarch64") ? AARCH64 : X86_64;
    }

    int address() {
      return period + Long.BYTES;
    }
  }

  /**
   * The program for one processor.
   *
   * @param mapFd the array, of {@link #DATA} bytes and the samples
   * @param entries samples that it holds, a power of two from 4
   * @param threads whose ids are wanted
   */
  static BpfCode code(int mapFd, int entries, PidNamespace threads, Context context) {
    BpfCode code = new BpfCode();
    code.move(R6, R1).setToMapValue(R7, mapFd);
    code.load(R8, R7, HEAD).load(R2, R7, TAIL).move(R3, R8).subtractRegister(R3, R2);
    int hasRoom = code.jumpIfLess(R3, entries);
    code.load(R1, R7, LOST).add(R1, 1).store(R7, LOST, R1);
    code.set(R0, 0).exit();

    code.land(hasRoom).move(R9, R8).and(R9, entries - 1).multiply(R9, SAMPLE_BYTES);
    code.addRegister(R9, R7);
    code.load(R1, R6, context.programCounter()).store(R9, DATA + IP, R1);
    code.load(R1, R6, context.address()).store(R9, DATA + ADDR, R1);
    code.load(R1, R6, context.period()).negate(R1).store(R9, DATA + ID, R1);
    code.call(KTIME_GET_NS).store(R9, DATA + TIME, R0);
    writeThread(code, threads);
    code.set(R1, 1).addAtomically(R7, HEAD, R1);

    code.add(R8, 1).and(R8, entries / WAKEUP_PART - 1);
    code.set(R0, 0);
    int wakesNobody = code.jumpIfNotEqual(R8, 0);
    return code.set(R0, 1).land(wakesNobody).exit();
  }

  /** The kernel's own ids are had faster than those of a namespace. */
  private static void writeThread(BpfCode code, PidNamespace threads) {
    if (threads.isInitial()) {
      code.call(GET_CURRENT_PID_TGID).storeInt(R9, DATA + TID, R0);
      return;
    }
    code.set(R1, (int) threads.device()).setLong(R2, threads.inode());
    code.move(R3, STACK).add(R3, -Long.BYTES).set(R4, Long.BYTES);
    code.call(GET_NS_CURRENT_PID_TGID);
    code.load(R1, STACK, -Long.BYTES).storeInt(R9, DATA + TID, R1);
  }
}
