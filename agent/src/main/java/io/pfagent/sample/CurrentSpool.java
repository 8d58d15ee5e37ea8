package io.pfagent.sample;

import io.pfagent.jvm.JavaCode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * The file that samples go to while a recording wants them, one after another. Used by the
 * sampler's thread, but for what it has dropped.
 */
final class CurrentSpool {

  private final JavaCode code;
  private final LongSupplier jfrTicks;
  private final Consumer<Throwable> failures;
  private volatile long droppedSamples;
  private long droppedByEarlierSpools;
  private SampleSpool spool;

  /**
   * @param jfrTicks the clock that JFR stamps its events with, 0 where it can't be read
   * @param failures takes what went wrong
   */
  CurrentSpool(JavaCode code, LongSupplier jfrTicks, Consumer<Throwable> failures) {
    this.code = code;
    this.jfrTicks = jfrTicks;
    this.failures = failures;
  }

  /** Samples that found no room on disk, of all spools; any thread. */
  long droppedSamples() {
    return droppedSamples;
  }

  /** From now on samples go to a file, unless they go to one already. */
  void begin(Path directory, long mostBytes) throws IOException {
    if (spool == null) {
      spool = new SampleSpool(directory, mostBytes, code, jfrTicks);
    }
  }

  /** Takes a sample, if there is a file. */
  void add(ResolvedFault fault, SampledStack stack, StackState state) {
    if (spool != null) {
      try {
        spool.add(fault, stack, state);
      } catch (IOException failure) {
        failures.accept(failure);
      }
    }
  }

  /** What was taken until now survives the process from here on. */
  void flush() {
    if (spool != null) {
      try {
        spool.flush();
      } catch (IOException failure) {
        failures.accept(failure);
      }
      droppedSamples = droppedByEarlierSpools + spool.droppedSamples();
    }
  }

  /** Samples go to no file any more; the file stays. */
  void end() {
    if (spool != null) {
      try {
        spool.close();
      } catch (IOException failure) {
        failures.accept(failure);
      }
      droppedByEarlierSpools += spool.droppedSamples();
      droppedSamples = droppedByEarlierSpools;
      spool = null;
    }
  }
}
