package io.pfagent.chunk;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import jdk.jfr.consumer.EventStream;
import jdk.jfr.consumer.RecordedClass;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedThread;
import jdk.jfr.consumer.RecordingFile;

/**
 * Reads a recording of {@link RecordedApp} with the readers of the JDK that runs it, and checks
 * that samples and the JVM's own events say the same: {@code Readback RECORDING SAMPLES}.
 */
final class Readback {

  private static final long TOLERANCE_NANOS = 1_000_000;

  private final List<RecordedEvent> samples = new ArrayList<>();
  private final List<RecordedEvent> markers = new ArrayList<>();

  public static void main(String[] args) throws IOException {
    Path recording = Path.of(args[0]);
    int expected = Integer.parseInt(args[1]);
    Readback file = new Readback();
    try (RecordingFile events = new RecordingFile(recording)) {
      while (events.hasMoreEvents()) {
        file.accept(events.readEvent());
      }
    }
    file.check(expected);
    Readback stream = new Readback();
    try (EventStream events = EventStream.openFile(recording)) {
      events.setReuse(false);
      events.onEvent(stream::accept);
      events.start();
    }
    stream.check(expected);
    System.out.println("read");
  }

  private void accept(RecordedEvent event) {
    switch (event.getEventType().getName()) {
      case "pfagent.PageFault" -> samples.add(event);
      case "test.Marker" -> markers.add(event);
      default -> {
        // Not compared.
      }
    }
  }

  private void check(int expected) {
    equal("samples", samples.size(), expected);
    equal("markers", markers.size(), expected / 2);
    for (RecordedEvent marker : markers) {
      long number = marker.getLong("number");
      List<RecordedEvent> pair =
          samples.stream().filter(sample -> sample.getLong("regionId") == number).toList();
      equal("samples of " + number, pair.size(), 2);
      pair.forEach(sample -> checkValues(sample, number));
      pair.forEach(sample -> checkThread(sample.getThread(), marker.getThread()));
      pair.forEach(sample -> checkStack(sample, marker));
      checkTime(pair, marker.getStartTime());
    }
  }

  private static void checkValues(RecordedEvent sample, long number) {
    boolean isEven = number % 2 == 0;
    equal("kind", sample.getString("kind"), isEven ? "direct-buffer" : "malloc");
    equal("address", sample.getLong("address"), RecordedApp.BASE_ADDRESS + 4096 * number);
    equal("offset", sample.getLong("offset"), isEven ? 4096 * number : -1);
    equal("major", sample.getBoolean("major"), number % 10 == 0);
    equal("inKernel", sample.getBoolean("inKernel"), number % 4 == 0);
    equal("weight", sample.getLong("weight"), 3L);
    equal("stackState", sample.getString("stackState"), "whole");
    equal("duration", sample.getDuration().toNanos(), 0L);
  }

  private static void checkThread(RecordedThread one, RecordedThread other) {
    equal("thread", one.getId(), other.getId());
    equal("thread", one.getJavaThreadId(), other.getJavaThreadId());
    equal("thread", one.getJavaName(), other.getJavaName());
    equal("thread", one.getOSThreadId(), other.getOSThreadId());
    equal("thread", one.getOSName(), other.getOSName());
  }

  private static void checkStack(RecordedEvent sample, RecordedEvent marker) {
    List<RecordedFrame> frames = sample.getStackTrace().getFrames();
    equal("truncated", sample.getStackTrace().isTruncated(), false);
    // What calls Thread.run differs: JFR may see more than Throwable does.
    for (int i = 0; i < frames.size(); i++) {
      RecordedFrame one = frames.get(i);
      RecordedFrame other = marker.getStackTrace().getFrames().get(i);
      RecordedClass type = one.getMethod().getType();
      equal("class", type.getName(), other.getMethod().getType().getName());
      equal("method", one.getMethod().getName(), other.getMethod().getName());
      equal("descriptor", one.getMethod().getDescriptor(), "()V");
      equal("type", one.getType(), "Interpreted");
      equal("bytecode", one.getBytecodeIndex(), -1);
      if (i > 0) {
        equal("line", one.getLineNumber(), other.getLineNumber());
      }
    }
    equal("top", frames.get(0).getMethod().getName(), "mark");
  }

  private static void checkTime(List<RecordedEvent> pair, Instant time) {
    Instant first = pair.get(0).getStartTime().minusNanos(TOLERANCE_NANOS);
    Instant last = pair.get(1).getStartTime().plusNanos(TOLERANCE_NANOS);
    if (time.isBefore(first) || time.isAfter(last)) {
      throw new AssertionError(time + " is not between " + first + " and " + last);
    }
  }

  private static void equal(String what, Object actual, Object expected) {
    if (!expected.equals(actual)) {
      throw new AssertionError("%s: %s, not %s".formatted(what, actual, expected));
    }
  }
}
