package io.pfagent.chunk;

import java.io.IOException;
import java.nio.file.Path;

/** Takes more samples than it may write, and goes on. */
final class LimitedWriter {

  static final int SAMPLES = 100_000;

  private LimitedWriter() {}

  public static void main(String[] args) throws IOException {
    int failures = 0;
    SampleFile file = SampleFile.create(Path.of(args[0]), SampleFile.DEFAULT_MOST_BYTES);
    for (int i = 0; i < SAMPLES; i++) {
      try {
        file.sample(i, 0, 0, 1, "malloc", i * 4096L, i, false, false, 1, "leaf");
      } catch (IOException e) {
        failures++;
        System.out.println(e.getMessage());
      }
    }
    file.flush();
    file.close();
    System.out.printf("failures %d, dropped %d.%n", failures, file.droppedSamples());
  }
}
