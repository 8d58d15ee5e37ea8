package io.pfagent.it;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordingFile;

/** The agent's events of a recording, in the order of time. */
final class RecordedEvents {

  private final List<RecordedEvent> events;

  private RecordedEvents(List<RecordedEvent> events) {
    this.events = events;
  }

  static RecordedEvents read(Path file) throws IOException {
    // A file has them in the order in which threads gave up their buffers.
    return new RecordedEvents(
        RecordingFile.readAllEvents(file).stream()
            .sorted(Comparator.comparing(RecordedEvent::getStartTime))
            .toList());
  }

  /** Those of one type, named without {@code pfagent.}. */
  List<RecordedEvent> of(String type) {
    return stream(type).toList();
  }

  /** The allocations of one kind, in the order of their ids. */
  List<RecordedEvent> allocations(String kind) {
    return stream("RegionAllocation")
        .filter(event -> event.getString("kind").equals(kind))
        .sorted((a, b) -> Long.compare(a.getLong("regionId"), b.getLong("regionId")))
        .toList();
  }

  /**
   * The sampled faults at addresses of a region, whatever region they name, since it was allocated:
   * what lay there before had faults of its own.
   */
  List<RecordedEvent> faultsAt(RecordedEvent region) {
    long first = region.getLong("address");
    long size = region.getLong("size");
    return stream("PageFault")
        .filter(fault -> !fault.getStartTime().isBefore(region.getStartTime()))
        .filter(fault -> Long.compareUnsigned(fault.getLong("address") - first, size) < 0)
        .toList();
  }

  /** What the agent said of a capability. */
  RecordedEvent capability(String name) {
    return of("Capability").stream()
        .filter(event -> event.getString("name").equals(name))
        .findFirst()
        .orElseThrow();
  }

  /** {@code Class.method:line} of each frame, the agent's own above all. */
  static List<String> frames(RecordedEvent event) {
    return event.getStackTrace().getFrames().stream().map(RecordedEvents::frame).toList();
  }

  private static String frame(RecordedFrame frame) {
    return frame.getMethod().getType().getName()
        + "."
        + frame.getMethod().getName()
        + ":"
        + frame.getLineNumber();
  }

  private Stream<RecordedEvent> stream(String type) {
    return events.stream()
        .filter(event -> event.getEventType().getName().equals("pfagent." + type));
  }
}
