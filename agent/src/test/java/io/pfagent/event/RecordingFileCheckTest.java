package io.pfagent.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import jdk.jfr.Recording;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordingFileCheckTest {

  @TempDir Path folder;

  @Test
  void wholeRecordingsAreWhole() throws IOException {
    Path file = record();
    assertThat(RecordingFileCheck.isWhole(file)).isTrue();

    Files.write(file, Files.readAllBytes(file), StandardOpenOption.APPEND);
    assertThat(RecordingFileCheck.isWhole(file)).as("two chunks").isTrue();
  }

  @Test
  void aPieceIsNot() throws IOException {
    byte[] whole = Files.readAllBytes(record());
    Path piece = folder.resolve("piece.jfr");
    for (int length : new int[] {0, 3, 67, 68, whole.length / 2, whole.length - 1}) {
      Files.write(piece, Arrays.copyOf(whole, length));
      assertThat(RecordingFileCheck.isWhole(piece)).as("%d bytes", length).isFalse();
    }
  }

  @Test
  void anythingElseIsNot() throws IOException {
    Path other = folder.resolve("other");
    Files.write(other, new byte[1000]);

    assertThat(RecordingFileCheck.isWhole(other)).isFalse();
    assertThat(RecordingFileCheck.isWhole(folder.resolve("none"))).isFalse();
    assertThat(RecordingFileCheck.isWhole(folder)).isFalse();
  }

  private Path record() throws IOException {
    Path file = folder.resolve("whole.jfr");
    try (Recording recording = new Recording()) {
      recording.start();
      recording.stop();
      recording.dump(file);
    }
    return file;
  }
}
