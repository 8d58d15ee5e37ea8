package io.pfagent.sample;

import io.pfagent.kernel.Rusage;

/** Tells what has happened between one look and the next. Used by one thread. */
final class Ticks {

  private final Rusage rusage = new Rusage();
  private long nanoTime;
  private long minorFaults;
  private long majorFaults;
  private long switches;
  private long processorNanos;
  private long minorSamples;
  private long majorSamples;
  private long lostSamples;

  /**
   * What has happened since the last call.
   *
   * @param totals of all samples
   * @param lostSamplesNow ever
   */
  Tick next(FaultTotals totals, long lostSamplesNow) {
    long minorFaultsBefore = minorFaults;
    long majorFaultsBefore = majorFaults;
    long switchesBefore = switches;
    long processorNanosBefore = processorNanos;
    if (rusage.readProcess()) {
      minorFaults = rusage.minorFaults();
      majorFaults = rusage.majorFaults();
      switches = rusage.switches();
      processorNanos = rusage.processorNanos();
    }
    long majorSamplesBefore = majorSamples;
    majorSamples = totals.majorSamples();
    long minorSamplesBefore = minorSamples;
    minorSamples = totals.samples() - majorSamples;
    long now = System.nanoTime();
    Tick tick =
        new Tick(
            now - nanoTime,
            minorFaults - minorFaultsBefore,
            majorFaults - majorFaultsBefore,
            switches - switchesBefore,
            processorNanos - processorNanosBefore,
            minorSamples - minorSamplesBefore,
            majorSamples - majorSamplesBefore,
            lostSamplesNow != lostSamples);
    nanoTime = now;
    lostSamples = lostSamplesNow;
    return tick;
  }
}
