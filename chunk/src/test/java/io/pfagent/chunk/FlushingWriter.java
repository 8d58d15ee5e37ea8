package io.pfagent.chunk;

import java.io.IOException;
import java.nio.file.Path;

/** Takes samples, flushes, says so, and takes samples until it is killed. */
final class FlushingWriter {

  static final int FLUSHED = 100_000;

  private FlushingWriter() {}

  public static void main(String[] args) throws IOException {
    try (SampleFile file = SampleFile.create(Path.of(args[0]), SampleFile.DEFAULT_MOST_BYTES)) {
      for (int i = 0; i < FLUSHED; i++) {
        take(file, i);
      }
      file.flush();
      System.out.println("f");
      // Ends by itself, too, should nobody kill it.
      for (int i = 0; i < 200 * FLUSHED; i++) {
        take(file, i);
      }
    }
  }

  private static void take(SampleFile file, int i) throws IOException {
    file.sample(i, 0, 0, 1, "malloc", i * 4096L, i, false, false, 1, "leaf");
  }
}
