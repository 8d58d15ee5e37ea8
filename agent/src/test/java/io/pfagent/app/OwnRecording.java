package io.pfagent.app;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import jdk.jfr.Configuration;
import jdk.jfr.Recording;

/** Records itself, twice: before the recordings, between them and after them it allocates too. */
final class OwnRecording {

  private static final int BYTES = 40 << 20;

  private OwnRecording() {}

  /** Arguments: the files of the two recordings. */
  public static void main(String[] args) throws Exception {
    allocate();
    for (String file : args) {
      try (Recording recording = new Recording(Configuration.getConfiguration("default"))) {
        recording.setDestination(Path.of(file));
        recording.start();
        allocate();
        recording.stop();
      }
      allocate();
    }
  }

  private static void allocate() {
    System.out.println(ByteBuffer.allocateDirect(BYTES).capacity());
  }
}
