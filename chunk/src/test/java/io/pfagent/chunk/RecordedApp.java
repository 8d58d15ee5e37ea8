package io.pfagent.chunk;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import jdk.jfr.Configuration;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Recording;

/**
 * Records itself, and beside each event that it commits takes two samples, one just before and one
 * just after, of the same thread and stack: {@code RecordedApp RECORDING SAMPLES CHUNKS [no-ticks]
 * [no-event]}.
 */
final class RecordedApp {

  static final int MARKERS = 50;
  static final int BASE_ADDRESS = 1 << 20;

  private final SampleFile samples;
  private final Method counterTime;
  private final Frames frames = new Frames();

  private RecordedApp(SampleFile samples, Method counterTime) {
    this.samples = samples;
    this.counterTime = counterTime;
  }

  public static void main(String[] args) throws Exception {
    List<String> options = List.of(args).subList(3, args.length);
    if (!options.contains("no-event")) {
      FlightRecorder.register(PageFault.class);
    }
    Method counterTime = null;
    if (!options.contains("no-ticks")) {
      counterTime = Class.forName("jdk.jfr.internal.JVM").getMethod("counterTime");
    }
    try (SampleFile samples = SampleFile.create(Path.of(args[1]), SampleFile.DEFAULT_MOST_BYTES);
        Recording recording = new Recording(Configuration.getConfiguration("default"))) {
      RecordedApp app = new RecordedApp(samples, counterTime);
      app.readClocks();
      app.outOfTime();
      recording.start();
      app.run(recording, Path.of(args[0]), Integer.parseInt(args[2]));
      app.outOfTime();
      app.readClocks();
    }
  }

  private void run(Recording recording, Path file, int chunks) throws Exception {
    for (int chunk = 0; chunk < chunks; chunk++) {
      if (chunk > 0) {
        Path part = Files.createTempFile("part", ".jfr");
        recording.dump(part);
        Files.delete(part);
      }
      int first = chunk * MARKERS;
      Thread thread = new Faulter(first, "faulter-" + chunk);
      thread.start();
      thread.join();
      readClocks();
      samples.flush();
    }
    recording.stop();
    recording.dump(file);
  }

  /** No lambda: JFR shows its frame, and Throwable does not. */
  private final class Faulter extends Thread {

    private final int first;

    Faulter(int first, String name) {
      super(name);
      this.first = first;
    }

    @Override
    public void run() {
      mark(first);
    }
  }

  private void mark(int first) {
    try {
      for (int i = first; i < first + MARKERS; i++) {
        long before = System.nanoTime();
        Marker marker = new Marker();
        marker.number = i;
        marker.commit();
        long after = System.nanoTime();
        sample(before, i);
        sample(after, i);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void sample(long nanoTime, int number) throws IOException {
    frames.clear();
    for (StackTraceElement element : new Throwable().getStackTrace()) {
      if (element.getMethodName().equals("sample")) {
        continue;
      }
      int method =
          samples.method(
              element.getClassName().replace('.', '/'), element.getMethodName(), "()V", false);
      frames.add(method, element.getLineNumber(), -1, FrameType.INTERPRETED);
    }
    Thread thread = Thread.currentThread();
    int id =
        samples.thread(osThreadId(), thread.getName(), javaId(thread), thread.getName(), false);
    samples.sample(
        nanoTime,
        id,
        samples.stack(frames),
        number,
        number % 2 == 0 ? "direct-buffer" : "malloc",
        BASE_ADDRESS + 4096L * number,
        number % 2 == 0 ? 4096L * number : -1,
        number % 10 == 0,
        number % 4 == 0,
        3,
        "whole");
  }

  /** A sample that no recording was open for. */
  private void outOfTime() throws IOException {
    samples.sample(System.nanoTime(), 0, 0, 0, "other", 1, -1, false, false, 1, null);
  }

  private void readClocks() throws IOException {
    samples.clock(ClockReading.now(this::ticks));
  }

  private long ticks() {
    try {
      return counterTime == null ? 0 : (long) counterTime.invoke(null);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** {@code Thread.threadId()} is younger than the oldest JDK. */
  @SuppressWarnings("deprecation")
  private static long javaId(Thread thread) {
    return thread.getId();
  }

  private static long osThreadId() throws IOException {
    return Long.parseLong(
        Files.readSymbolicLink(Path.of("/proc/thread-self")).getFileName().toString());
  }
}
