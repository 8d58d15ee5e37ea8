package io.pfagent.kernel;

import java.nio.ByteBuffer;

/**
 * The kernel's {@code struct perf_event_attr} in its first version, which counting needs no more
 * than (include/uapi/linux/perf_event.h, PERF_ATTR_SIZE_VER0).
 *
 * <pre>
 *   0      4      8        16              24            32            40      48       56    64
 *   +------+------+--------+---------------+-------------+-------------+-------+--------+-----+
 *   | type | size | config | sample_period | sample_type | read_format | flags | wakeup,| bp  |
 *   | u32  | u32  | u64    | u64           | u64         | u64         | u64   | bp_type| u64 |
 *   +------+------+--------+---------------+-------------+-------------+-------+--------+-----+
 *   flags: bit 1 inherit, bit 5 exclude_kernel, bit 35 inherit_thread
 * </pre>
 */
final class PerfEventAttr {

  private static final int BYTES = 64;
  private static final int SIZE = 4;
  private static final int CONFIG = 8;
  private static final int FLAGS = 40;

  private static final int PERF_TYPE_SOFTWARE = 1;
  private static final long PERF_COUNT_SW_PAGE_FAULTS = 2;

  private static final long INHERIT = 1L << 1;
  private static final long EXCLUDE_KERNEL = 1L << 5;
  private static final long INHERIT_THREAD = 1L << 35;

  private PerfEventAttr() {}

  /**
   * Counts the page faults that a thread raises in user mode, and those of threads it starts.
   *
   * @param threadsOnly leave child processes out (Linux 5.13); older kernels refuse it with EINVAL
   */
  static ByteBuffer userPageFaults(boolean threadsOnly) {
    return LibC.newBuffer(BYTES)
        .putInt(0, PERF_TYPE_SOFTWARE)
        .putInt(SIZE, BYTES)
        .putLong(CONFIG, PERF_COUNT_SW_PAGE_FAULTS)
        .putLong(FLAGS, INHERIT | EXCLUDE_KERNEL | (threadsOnly ? INHERIT_THREAD : 0));
  }
}
