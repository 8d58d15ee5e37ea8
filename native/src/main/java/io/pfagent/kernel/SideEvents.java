package io.pfagent.kernel;

/**
 * The events of one side, user mode or kernel: minor faults by their period, and major ones, of
 * which each gives a sample. Either may rest: then it has no events.
 */
final class SideEvents implements AutoCloseable {

  private final Opener opener;
  private final boolean inKernel;
  private FaultEvents major;
  private FaultEvents minor;
  private boolean majorRests;
  private long minorOfEarlierEvents;
  private long majorOfEarlierEvents;

  private SideEvents(Opener opener, boolean inKernel, FaultEvents major, FaultEvents minor) {
    this.opener = opener;
    this.inKernel = inKernel;
    this.major = major;
    this.minor = minor;
  }

  /**
   * Opened to count next.
   *
   * @param major null where those that are there go on
   */
  record Next(FaultEvents minor, FaultEvents major) implements AutoCloseable {
    @Override
    public void close() {
      minor.close();
      if (major != null) {
        major.close();
      }
    }
  }

  /** Opens events, disabled. */
  @FunctionalInterface
  interface Opener {
    FaultEvents open(FaultClass faults, long period) throws DeniedException;
  }

  /**
   * Opens them, disabled.
   *
   * @param inKernel which side
   * @param period of minor faults
   */
  static SideEvents open(Opener opener, boolean inKernel, long period) throws DeniedException {
    FaultEvents major = openMajor(opener, inKernel);
    try {
      return new SideEvents(opener, inKernel, major, openMinor(opener, inKernel, period));
    } catch (DeniedException denied) {
      major.close();
      throw denied;
    }
  }

  void enable() {
    major.enable();
    minor.enable();
  }

  void disable() {
    minor.disable();
    major.disable();
  }

  /** Enables these and disables the others, thread by thread. */
  void takeOver(SideEvents before) {
    major.takeOver(before.major);
    minor.takeOver(before.minor);
  }

  /** Opens the events of minor faults anew, and those of major ones where they rest. */
  Next openNext(long period) throws DeniedException {
    FaultEvents nextMajor = majorRests ? openMajor(opener, inKernel) : null;
    try {
      return new Next(openMinor(opener, inKernel, period), nextMajor);
    } catch (DeniedException denied) {
      if (nextMajor != null) {
        nextMajor.close();
      }
      throw denied;
    }
  }

  /**
   * Has these count from now on.
   *
   * @return the events that counted minor faults before, ended
   */
  FaultEvents replace(Next next) {
    if (next.major() != null) {
      replaceMajor(next.major());
      majorRests = false;
    }
    return replaceMinor(next.minor());
  }

  /**
   * Counts minor faults no more.
   *
   * @return the events that did so, ended
   */
  FaultEvents restMinor() {
    return replaceMinor(FaultEvents.none());
  }

  /**
   * Counts major faults no more.
   *
   * @return the events that did so, ended
   */
  FaultEvents restMajor() {
    majorRests = true;
    return replaceMajor(FaultEvents.none());
  }

  private FaultEvents replaceMinor(FaultEvents next) {
    FaultEvents before = minor;
    minorOfEarlierEvents += replace(before, next);
    minor = next;
    return before;
  }

  private FaultEvents replaceMajor(FaultEvents next) {
    FaultEvents before = major;
    majorOfEarlierEvents += replace(before, next);
    major = next;
    return before;
  }

  /** What was counted before. */
  private static long replace(FaultEvents before, FaultEvents next) {
    next.takeOver(before);
    long count = Math.max(0, before.count());
    before.close();
    return count;
  }

  /** All faults counted since they were opened, sampled or not; unknown if they can't be read. */
  FaultCounts counts() {
    long minorCount = minor.count();
    long majorCount = major.count();
    return minorCount < 0 || majorCount < 0
        ? FaultCounts.UNKNOWN
        : new FaultCounts(minorOfEarlierEvents + minorCount, majorOfEarlierEvents + majorCount);
  }

  @Override
  public void close() {
    minor.close();
    major.close();
  }

  private static FaultEvents openMajor(Opener opener, boolean inKernel) throws DeniedException {
    return opener.open(inKernel ? FaultClass.KERNEL_MAJOR : FaultClass.USER_MAJOR, 1);
  }

  private static FaultEvents openMinor(Opener opener, boolean inKernel, long period)
      throws DeniedException {
    return opener.open(inKernel ? FaultClass.KERNEL_MINOR : FaultClass.USER_MINOR, period);
  }
}
