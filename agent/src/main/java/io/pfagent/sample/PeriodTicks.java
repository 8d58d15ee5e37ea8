package io.pfagent.sample;

import io.pfagent.kernel.Rusage;

/** Tells a {@link PeriodControl} what has happened since it was told last. Used by one thread. */
final class PeriodTicks {

  private final Rusage rusage = new Rusage();
  private PeriodControl control;
  private long faults;
  private long processorNanos;
  private long lostSamples;

  /** Begins anew with this control. */
  void begin(PeriodControl newControl, long faultsNow, long lostSamplesNow) {
    control = newControl;
    remember(faultsNow, readProcessorNanos(), lostSamplesNow);
  }

  /** The period that the agent would choose now. */
  int period() {
    return control.period();
  }

  /**
   * Some tenths of a second are over.
   *
   * @param faultsNow that samples stand for, ever
   * @param lostSamplesNow ever
   * @return the period from now on
   */
  int next(long faultsNow, long lostSamplesNow) {
    long processorNanosNow = readProcessorNanos();
    int period =
        control.next(
            faultsNow - faults, processorNanosNow - processorNanos, lostSamplesNow != lostSamples);
    remember(faultsNow, processorNanosNow, lostSamplesNow);
    return period;
  }

  /** A tick at which the period is not the agent's choice. */
  void skip(long faultsNow, long lostSamplesNow) {
    remember(faultsNow, readProcessorNanos(), lostSamplesNow);
  }

  private void remember(long faultsNow, long processorNanosNow, long lostSamplesNow) {
    faults = faultsNow;
    processorNanos = processorNanosNow;
    lostSamples = lostSamplesNow;
  }

  private long readProcessorNanos() {
    return rusage.readProcess() ? rusage.processorNanos() : processorNanos;
  }
}
