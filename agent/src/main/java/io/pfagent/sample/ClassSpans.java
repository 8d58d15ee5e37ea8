package io.pfagent.sample;

/**
 * The faults of one class, minor or major, in the spans of {@link SampledSpans}: counted by the
 * kernel one by one, or going by in a rest, when which side raised them is an estimate by those
 * that were counted just before.
 */
final class ClassSpans {

  /** All of the process when the last span ended. */
  private long allAtEnd;

  private long userBefore;
  private long unsampled;

  /** Where the counting began or last went on. */
  private Mark counting;

  /** Where it began to rest; null if it doesn't. */
  private Mark resting;

  /** Until some were counted: an application touches its memory itself, as a rule. */
  private double userShare = 1;

  private long rested;
  private long restedUser;

  /**
   * Faults so far.
   *
   * @param all of the process
   * @param user counted in user mode by the events that are open
   */
  record Mark(long all, long user) {}

  /** Sampling runs from now on. What its events have counted by now belongs to the span. */
  void begin(Mark now) {
    unsampled += Math.max(0, now.all() - now.user() - allAtEnd);
    counting = total(now);
  }

  /**
   * Other events take over without a gap.
   *
   * @param user what those before have counted
   */
  void replace(long user) {
    userBefore += user;
  }

  /** The counting is about to rest. */
  void rest(Mark now) {
    resting = total(now);
    if (resting.all() > counting.all()) {
      double share = (double) (resting.user() - counting.user()) / (resting.all() - counting.all());
      userShare = Math.max(0, Math.min(1, share));
    }
  }

  /** The counting goes on, whether it has rested or not. */
  void goOn(Mark now) {
    long missed = missedUntil(now);
    rested += missed;
    restedUser += Math.round(missed * userShare);
    resting = null;
    counting = total(now);
  }

  /** Sampling is about to end. */
  void end(Mark now) {
    goOn(now);
    allAtEnd = now.all();
    userBefore += now.user();
  }

  /** Raised in user mode in all spans, those of a rest by estimate. */
  long userFaults(Mark now) {
    return userBefore + now.user() + restedUser + Math.round(missedUntil(now) * userShare);
  }

  /** Whether faults go by uncounted. */
  boolean isResting() {
    return resting != null;
  }

  /** Of the process, of either side, in all rests that are over. */
  long restedFaults() {
    return rested;
  }

  /** In all rests, the one that goes on included. */
  long restedFaults(Mark now) {
    return rested + missedUntil(now);
  }

  /** Of the process outside the spans. */
  long unsampledFaults() {
    return unsampled;
  }

  /** Of the faults that were counted before the last rest, the part raised in user mode. */
  double userShare() {
    return userShare;
  }

  private long missedUntil(Mark now) {
    return resting == null
        ? 0
        : Math.max(0, now.all() - resting.all() - (total(now).user() - resting.user()));
  }

  private Mark total(Mark now) {
    return new Mark(now.all(), userBefore + now.user());
  }
}
