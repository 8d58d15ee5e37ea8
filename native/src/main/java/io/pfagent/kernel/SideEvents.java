package io.pfagent.kernel;

/**
 * The events of one side, user mode or kernel: minor faults by their period, and major ones, of
 * which each gives a sample.
 */
final class SideEvents implements AutoCloseable {

  private final Opener opener;
  private final boolean inKernel;
  private final FaultEvents major;
  private FaultEvents minor;
  private long countOfEarlierEvents;

  private SideEvents(Opener opener, boolean inKernel, FaultEvents major, FaultEvents minor) {
    this.opener = opener;
    this.inKernel = inKernel;
    this.major = major;
    this.minor = minor;
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
    FaultEvents major = opener.open(inKernel ? FaultClass.KERNEL_MAJOR : FaultClass.USER_MAJOR, 1);
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

  /**
   * Opens the events of minor faults anew.
   *
   * @return for {@link #replaceMinor}
   */
  FaultEvents openMinor(long period) throws DeniedException {
    return openMinor(opener, inKernel, period);
  }

  /**
   * Has these count minor faults from now on.
   *
   * @return the events that did so before, ended
   */
  FaultEvents replaceMinor(FaultEvents next) {
    FaultEvents before = minor;
    next.takeOver(before);
    countOfEarlierEvents += Math.max(0, before.count());
    before.close();
    minor = next;
    return before;
  }

  /** All faults counted since they were opened, sampled or not; -1 if they can't be read. */
  long count() {
    long minorCount = minor.count();
    long majorCount = major.count();
    return minorCount < 0 || majorCount < 0 ? -1 : countOfEarlierEvents + minorCount + majorCount;
  }

  @Override
  public void close() {
    minor.close();
    major.close();
  }

  private static FaultEvents openMinor(Opener opener, boolean inKernel, long period)
      throws DeniedException {
    return opener.open(inKernel ? FaultClass.KERNEL_MINOR : FaultClass.USER_MINOR, period);
  }
}
