package io.pfagent.kernel;

/**
 * How many faults a sample stands for: those of its period, and after a rest some that went by
 * uncounted, too, until enough has been told. Used by one thread.
 */
public final class SampleWeights {

  private double scale = 1;
  private long mostBeyond;
  private long toldBeyond;

  SampleWeights() {}

  /**
   * Lets samples that are read from now on stand for more, one after the other, until so many have
   * been told.
   *
   * @param newScale what the period is multiplied with, from 1
   * @param most faults beyond the periods, of all samples together
   */
  public void scale(double newScale, long most) {
    scale = newScale;
    mostBeyond = most;
  }

  /** How many faults the next sample, which is of this period, stands for. */
  long take(long period) {
    if (mostBeyond <= 0) {
      return period;
    }
    long beyond = Math.min(Math.round(period * (scale - 1)), mostBeyond);
    mostBeyond -= beyond;
    toldBeyond += beyond;
    return period + beyond;
  }

  /** Faults beyond their periods that samples stood for since the last call. */
  public long takeToldBeyond() {
    long told = toldBeyond;
    toldBeyond = 0;
    return told;
  }
}
