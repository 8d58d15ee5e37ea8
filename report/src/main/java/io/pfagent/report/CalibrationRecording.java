package io.pfagent.report;

import io.pfagent.kernel.CallCost;
import io.pfagent.kernel.FirstWriteCost;
import java.io.IOException;
import java.nio.file.Path;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Recording;

/** Writes a calibration as a recording, which {@code jfr print} and {@code report} read. */
final class CalibrationRecording {

  /** Calls touch no pages, or one that is there. */
  private static final String CALLS_PATTERN = "calls";

  private CalibrationRecording() {}

  /**
   * Writes one event per measurement.
   *
   * @throws IOException if the file can't be written
   */
  static void write(Calibration calibration, Path file) throws IOException {
    FlightRecorder.register(CalibrationEvent.class);
    try (Recording recording = new Recording()) {
      recording.enable(CalibrationEvent.class);
      recording.start();
      calibration.calls().costs().forEach(cost -> commit(cost, calibration.ownNanos(cost)));
      calibration.writes().costs().forEach(CalibrationRecording::commit);
      recording.stop();
      recording.dump(file);
    } finally {
      FlightRecorder.unregister(CalibrationEvent.class);
    }
  }

  private static void commit(CallCost cost, double nanos) {
    CalibrationEvent event = new CalibrationEvent();
    event.operation = cost.operation();
    event.pattern = CALLS_PATTERN;
    event.cost = Math.round(nanos);
    event.samples = cost.perCall().rounds();
    event.commit();
  }

  private static void commit(FirstWriteCost cost) {
    CalibrationEvent event = new CalibrationEvent();
    event.operation = cost.supply().operation();
    event.pages = cost.pages();
    event.pattern = cost.order().pattern();
    event.cost = Math.round(cost.perPage().medianNanos());
    event.samples = cost.perPage().rounds();
    event.commit();
  }
}
