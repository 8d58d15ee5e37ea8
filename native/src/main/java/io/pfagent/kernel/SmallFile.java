package io.pfagent.kernel;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Small text files of {@code /proc} and {@code /sys}; for those that are read now and then. */
final class SmallFile {

  private SmallFile() {}

  /** The whole text; empty if the file is absent or reading it is denied. */
  static Optional<String> read(Path file) {
    try {
      return Optional.of(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
    } catch (IOException | RuntimeException e) {
      // What the environment hides is unknown, not an error: the caller says what that means.
      return Optional.empty();
    }
  }

  /** The one decimal number that the file holds; empty if there is none. */
  static Optional<Long> readNumber(Path file) {
    return read(file).flatMap(SmallFile::number);
  }

  private static Optional<Long> number(String text) {
    try {
      return Optional.of(Long.parseLong(text.strip()));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }
}
