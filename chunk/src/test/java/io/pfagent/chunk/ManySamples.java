package io.pfagent.chunk;

import java.nio.file.Files;
import java.nio.file.Path;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Recording;

/**
 * Records while it takes many samples, then joins them: {@code ManySamples DIRECTORY SAMPLES}. Each
 * stack is its own for a while, so that constants are many too.
 */
final class ManySamples {

  private ManySamples() {}

  public static void main(String[] args) throws Exception {
    Path directory = Path.of(args[0]);
    int count = Integer.parseInt(args[1]);
    Path file = directory.resolve("many.jfr");
    Path samples = directory.resolve("many");
    FlightRecorder.register(PageFault.class);
    try (SampleFile out = SampleFile.create(samples, SampleFile.DEFAULT_MOST_BYTES);
        Recording recording = new Recording()) {
      recording.start();
      take(out, count);
      recording.stop();
      recording.dump(file);
    }
    JoinResult result = RecordingJoin.append(file, samples);
    System.out.printf("joined %d, left out %d", result.joined(), result.leftOut());
    SampleFile.delete(samples);
    if (Files.exists(samples)) {
      throw new AssertionError(samples + " is still there");
    }
  }

  private static void take(SampleFile out, int count) throws Exception {
    Frames frames = new Frames();
    out.clock(ClockReading.now(() -> 0));
    int thread = out.thread(1, "os", 1, "main", false);
    for (int i = 0; i < count; i++) {
      frames.clear();
      for (int depth = 0; depth < 10; depth++) {
        int line = depth == 0 ? i / 100 : depth;
        int method = out.method("a/B", "method" + depth, "()V", false);
        frames.add(method, line, -1, FrameType.JIT_COMPILED);
      }
      int stack = out.stack(frames);
      out.sample(System.nanoTime(), thread, stack, i, "malloc", i, i, false, false, 1, "whole");
      if (i % 10_000 == 0) {
        out.clock(ClockReading.now(() -> 0));
        out.flush();
      }
    }
    out.clock(ClockReading.now(() -> 0));
  }
}
