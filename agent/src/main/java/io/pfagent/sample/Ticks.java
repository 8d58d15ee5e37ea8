package io.pfagent.sample;

import io.pfagent.kernel.Rusage;

/** Tells what has happened between one look and the next. Used by one thread. */
final class Ticks {

  private final Rusage rusage = new Rusage();
  private long nanoTime;
  private long faults;
  private long switches;
  private long processorNanos;
  private long samples;
  private long lostSamples;

  /**
   * What has happened since the last call.
   *
   * @param samplesNow that were read, ever
   * @param lostSamplesNow ever
   */
  Tick next(long samplesNow, long lostSamplesNow) {
    long faultsBefore = faults;
    long switchesBefore = switches;
    long processorNanosBefore = processorNanos;
    if (rusage.readProcess()) {
      faults = rusage.minorFaults();
      switches = rusage.switches();
      processorNanos = rusage.processorNanos();
    }
    long now = System.nanoTime();
    Tick tick =
        new Tick(
            now - nanoTime,
            faults - faultsBefore,
            switches - switchesBefore,
            processorNanos - processorNanosBefore,
            samplesNow - samples,
            lostSamplesNow != lostSamples);
    nanoTime = now;
    samples = samplesNow;
    lostSamples = lostSamplesNow;
    return tick;
  }
}
