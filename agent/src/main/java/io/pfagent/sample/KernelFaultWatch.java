package io.pfagent.sample;

/**
 * Whether the kernel raises so many faults on the process's behalf that they are worth events of
 * their own. Where these are on, the kernel asks them about each fault of the program, too, which
 * makes it some 3 % dearer; they pay only where there is something to see.
 *
 * <p>What the kernel has counted for the process and no sample stands for must have been raised
 * there, but for what each thread has faulted since its last sample. Used by one thread.
 */
final class KernelFaultWatch {

  private static final long WINDOW_NANOS = 1_000_000_000L;

  /** Once they are worth it, they stay for a while: a burst is seldom the last. */
  private static final long STAY_NANOS = 60_000_000_000L;

  /** Fewer in a window cost next to nothing. */
  private static final long FEWEST = 1_000;

  private static final double LEAST_SHARE = 0.05;

  /** So many threads may be about to give a sample, all since the window began. */
  private static final int UNDER_WAY = 50;

  private long windowNanos;
  private long allAtStart;
  private long sampledAtStart;
  private boolean areMany;
  private long manyNanos;

  /** Begins anew, with the numbers of now. */
  void begin(long allFaults, long sampledFaults, long nowNanos) {
    areMany = false;
    startWindow(allFaults, sampledFaults, nowNanos);
  }

  /**
   * Learns what has happened since the last call.
   *
   * @param allFaults of the process, ever, as the kernel counts them; read before the samples were,
   *     so that these lag behind by none
   * @param sampledFaults raised in user mode that samples stand for, ever
   * @param faultsPerSample the period in force
   */
  boolean areMany(long allFaults, long sampledFaults, long faultsPerSample, long nowNanos) {
    long all = allFaults - allAtStart;
    long hidden = all - (sampledFaults - sampledAtStart);
    if (hidden > Math.max(FEWEST, LEAST_SHARE * all) + UNDER_WAY * faultsPerSample) {
      areMany = true;
      manyNanos = nowNanos;
      startWindow(allFaults, sampledFaults, nowNanos);
    } else if (nowNanos - windowNanos >= WINDOW_NANOS) {
      startWindow(allFaults, sampledFaults, nowNanos);
    }
    areMany = areMany && nowNanos - manyNanos < STAY_NANOS;
    return areMany;
  }

  private void startWindow(long allFaults, long sampledFaults, long nowNanos) {
    windowNanos = nowNanos;
    allAtStart = allFaults;
    sampledAtStart = sampledFaults;
  }
}
