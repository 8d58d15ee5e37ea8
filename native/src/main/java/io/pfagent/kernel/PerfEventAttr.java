package io.pfagent.kernel;

import java.nio.ByteBuffer;

/**
 * The kernel's {@code struct perf_event_attr} in the version that samples registers and stacks
 * (include/uapi/linux/perf_event.h, PERF_ATTR_SIZE_VER5).
 *
 * <pre>
 *   0      4      8        16              24            32            40      48
 *   +------+------+--------+---------------+-------------+-------------+-------+------------+--
 *   | type | size | config | sample_period | sample_type | read_format | flags | wakeup_    | ..
 *   | u32  | u32  | u64    | u64           | u64         | u64         | u64   | events /   |
 *   |      |      |        |               |             |             |       | watermark  |
 *   +------+------+--------+---------------+-------------+-------------+-------+------------+--
 *   80                  88                  92        96                    108
 *   +-------------------+-------------------+---------+---------------------+------------------+
 *   | sample_regs_user  | sample_stack_user | clockid | (not used)          | sample_max_stack |
 *   | u64               | u32               | s32     |                     | u16, then 2 free |
 *   +-------------------+-------------------+---------+---------------------+------------------+
 *   flags: bit 0 disabled, 1 inherit, 4 exclude_user, 5 exclude_kernel, 14 watermark,
 *          18 sample_id_all, 21 exclude_callchain_kernel, 25 use_clockid, 35 inherit_thread
 * </pre>
 */
final class PerfEventAttr {

  private static final int BYTES = 112;
  private static final int SIZE = 4;
  private static final int CONFIG = 8;
  private static final int SAMPLE_PERIOD = 16;
  private static final int SAMPLE_TYPE = 24;
  private static final int FLAGS = 40;
  private static final int WAKEUP_EVENTS = 48;
  private static final int WAKEUP_WATERMARK = 48;
  private static final int SAMPLE_REGS_USER = 80;
  private static final int SAMPLE_STACK_USER = 88;
  private static final int CLOCKID = 92;
  private static final int SAMPLE_MAX_STACK = 108;

  private static final int PERF_TYPE_SOFTWARE = 1;
  private static final long PERF_COUNT_SW_PAGE_FAULTS_MIN = 5;
  private static final long PERF_COUNT_SW_PAGE_FAULTS_MAJ = 6;
  private static final long PERF_COUNT_SW_DUMMY = 9;

  private static final long DISABLED = 1L;
  private static final long INHERIT = 1L << 1;
  private static final long EXCLUDE_USER = 1L << 4;
  private static final long EXCLUDE_KERNEL = 1L << 5;
  private static final long WATERMARK = 1L << 14;
  private static final long SAMPLE_ID_ALL = 1L << 18;
  private static final long EXCLUDE_CALLCHAIN_KERNEL = 1L << 21;
  private static final long USE_CLOCKID = 1L << 25;
  private static final long INHERIT_THREAD = 1L << 35;

  /** The clock of {@link System#nanoTime()}, see clock_gettime(2). */
  private static final int CLOCK_MONOTONIC = 1;

  private PerfEventAttr() {}

  /**
   * Samples the page faults that a thread raises, and those of threads it starts. It is opened
   * disabled.
   *
   * @param period a sample for each so many faults
   * @param threadsOnly leave child processes out (Linux 5.13); older kernels refuse it with EINVAL
   */
  static ByteBuffer pageFaults(
      FaultClass faults, long period, SampleLayout layout, boolean threadsOnly) {
    return common(
            faults.isMajor() ? PERF_COUNT_SW_PAGE_FAULTS_MAJ : PERF_COUNT_SW_PAGE_FAULTS_MIN,
            layout)
        .putLong(SAMPLE_PERIOD, period)
        .putLong(
            FLAGS,
            DISABLED
                | INHERIT
                | (faults.inKernel() ? EXCLUDE_USER | EXCLUDE_CALLCHAIN_KERNEL : EXCLUDE_KERNEL)
                | SAMPLE_ID_ALL
                | USE_CLOCKID
                | (threadsOnly ? INHERIT_THREAD : 0));
  }

  /**
   * Lets a BPF program write the samples: the kernel's own are empty, and each of them wakes who
   * polls the ring.
   *
   * @param attr of {@link #pageFaults}
   */
  static ByteBuffer byProgram(ByteBuffer attr) {
    return attr.putLong(SAMPLE_TYPE, 0).putInt(WAKEUP_EVENTS, 1);
  }

  /**
   * Never fires: it holds a ring that other events write to, which must share its clock.
   *
   * @param wakeupBytes so many new bytes in the ring wake who polls it
   */
  static ByteBuffer ringHolder(SampleLayout layout, int wakeupBytes) {
    return common(PERF_COUNT_SW_DUMMY, layout)
        .putLong(SAMPLE_PERIOD, 1)
        .putLong(FLAGS, EXCLUDE_KERNEL | WATERMARK | SAMPLE_ID_ALL | USE_CLOCKID)
        .putInt(WAKEUP_WATERMARK, wakeupBytes);
  }

  private static ByteBuffer common(long config, SampleLayout layout) {
    return LibC.newBuffer(BYTES)
        .putInt(0, PERF_TYPE_SOFTWARE)
        .putInt(SIZE, BYTES)
        .putLong(CONFIG, config)
        .putLong(SAMPLE_TYPE, layout.sampleType())
        .putLong(SAMPLE_REGS_USER, layout.registers())
        .putInt(SAMPLE_STACK_USER, layout.stackBytes())
        .putInt(CLOCKID, CLOCK_MONOTONIC)
        .putShort(SAMPLE_MAX_STACK, (short) layout.chainFrames());
  }
}
