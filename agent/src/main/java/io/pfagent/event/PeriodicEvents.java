package io.pfagent.event;

import io.pfagent.boot.PfagentHooks;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import jdk.jfr.FlightRecorder;

/**
 * Runs the emitters when JFR asks for their events. JFR does so in a thread of its own, at the
 * period that the recording sets, and at the beginning and end of each chunk.
 *
 * <p>A chunk's end asks for the statistics too: a recording shorter than their period has its
 * figures, and a longer one has its last.
 */
final class PeriodicEvents {

  private final Consumer<Throwable> failures;
  private final List<Runnable> registered = new ArrayList<>();

  /**
   * @param failures takes what an emitter throws; JFR would drop it
   */
  PeriodicEvents(Consumer<Throwable> failures) {
    this.failures = failures;
  }

  void add(Class<? extends PageFaultEvent> type, Runnable emitter) {
    Runnable guarded = guarded(emitter);
    FlightRecorder.addPeriodicEvent(type, guarded);
    registered.add(guarded);
  }

  /** The emitter, as one that fails by itself and whose own memory isn't seen. */
  Runnable guarded(Runnable emitter) {
    return () -> {
      boolean before = PfagentHooks.beginOwnWork();
      try {
        emitter.run();
      } catch (Throwable failure) {
        failures.accept(failure);
      } finally {
        PfagentHooks.endOwnWork(before);
      }
    };
  }

  void removeAll() {
    registered.forEach(FlightRecorder::removePeriodicEvent);
    registered.clear();
  }
}
