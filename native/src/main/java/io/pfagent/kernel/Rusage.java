package io.pfagent.kernel;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;

/**
 * Page faults of the calling thread or of the process, by getrusage(2), without allocation.
 *
 * <pre>
 * struct rusage, LP64, 144 bytes (include/uapi/linux/resource.h)
 *   0          16         32         64          72          80           128        136         144
 *   +----------+----------+-- - - ---+-----------+-----------+-- - - - ---+----------+-----------+
 *   | ru_utime | ru_stime | 4 sizes  | ru_minflt | ru_majflt | 6 counters | ru_nvcsw | ru_nivcsw |
 *   | 2 x 8    | 2 x 8    | 4 x 8    | 8         | 8         | 6 x 8      | 8        | 8         |
 *   +----------+----------+-- - - ---+-----------+-----------+-- - - - ---+----------+-----------+
 * </pre>
 *
 * <p>The fault counts are exact; the times advance in ticks of some 4 ms and are not offered here.
 * {@code ru_minflt} also counts pages that the kernel faults in for itself, as in a {@code read()}
 * into fresh memory, and each page of {@code MADV_POPULATE_WRITE}.
 *
 * <p>An instance belongs to one thread. The static methods serve callers that keep JDK types only:
 * they hold the buffer, and its address is valid for as long as they do.
 */
public final class Rusage {

  private static final String NAME = "rusage";

  private static final int BYTES = 144;
  private static final int RU_UTIME = 0;
  private static final int RU_STIME = 16;
  private static final int RU_MINFLT = 64;
  private static final int RU_MAJFLT = 72;
  private static final int RU_NVCSW = 128;
  private static final int RU_NIVCSW = 136;

  private static final int RUSAGE_SELF = 0;
  private static final int RUSAGE_THREAD = 1;

  private final ByteBuffer buffer = newBuffer();
  private final long address = address(buffer);

  /** Whether fault counts can be read here. */
  public static Capability capability() {
    if (!LibC.AVAILABLE) {
      return unavailable(LibC.CAPABILITY.reason());
    }
    return new Rusage().readThread()
        ? Capability.available(NAME)
        : unavailable(
            "getrusage(RUSAGE_THREAD): "
                + Errno.name(LibC.errno())
                + "; allow it in the container's seccomp profile");
  }

  /**
   * Reads the calling thread's counters.
   *
   * @return whether they could be read; if not, the counts keep their last values
   */
  public boolean readThread() {
    return read(RUSAGE_THREAD);
  }

  /**
   * Reads the counters of the whole process, ended threads included.
   *
   * @return whether they could be read; if not, the counts keep their last values
   */
  public boolean readProcess() {
    return read(RUSAGE_SELF);
  }

  /** Faults served without input or output, as last read; 0 before the first read. */
  public long minorFaults() {
    return minorFaults(buffer);
  }

  /** Faults that had to wait for input or output, as last read; 0 before the first read. */
  public long majorFaults() {
    return majorFaults(buffer);
  }

  /** Processor time, user and system together, as last read; 0 before the first read. */
  public long processorNanos() {
    return timeNanos(RU_UTIME) + timeNanos(RU_STIME);
  }

  /**
   * How often a processor was taken from a thread, because it waited or was preempted, as last
   * read; 0 before the first read.
   */
  public long switches() {
    return buffer.getLong(RU_NVCSW) + buffer.getLong(RU_NIVCSW);
  }

  /** A {@code struct timeval}. */
  private long timeNanos(int offset) {
    return buffer.getLong(offset) * 1_000_000_000L + buffer.getLong(offset + Long.BYTES) * 1_000L;
  }

  private boolean read(int who) {
    try {
      return LibC.AVAILABLE && LibC.getrusage(who, address) == 0;
    } finally {
      Reference.reachabilityFence(buffer);
    }
  }

  /** A buffer for one thread's {@code struct rusage}; the JDK frees it with its last reference. */
  public static ByteBuffer newBuffer() {
    return LibC.newBuffer(BYTES);
  }

  /** The address of such a buffer, or 0 where the C library cannot be called. */
  public static long address(ByteBuffer buffer) {
    return LibC.AVAILABLE ? LibC.address(buffer) : 0;
  }

  /**
   * Reads the calling thread's counters into the buffer at this address.
   *
   * @param address what {@link #address(ByteBuffer)} gave; the caller keeps the buffer reachable
   * @return 0, or -1 if the counters could not be read
   */
  public static int getrusageThread(long address) {
    return LibC.AVAILABLE && address != 0 ? LibC.getrusage(RUSAGE_THREAD, address) : -1;
  }

  /** The minor faults last read into this buffer. */
  public static long minorFaults(ByteBuffer buffer) {
    return buffer.getLong(RU_MINFLT);
  }

  /** The major faults last read into this buffer. */
  public static long majorFaults(ByteBuffer buffer) {
    return buffer.getLong(RU_MAJFLT);
  }

  private static Capability unavailable(String reason) {
    return Capability.unavailable(NAME, reason, "fault counts stay unknown");
  }
}
