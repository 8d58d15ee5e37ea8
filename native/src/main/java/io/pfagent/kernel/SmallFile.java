package io.pfagent.kernel;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Small text files of {@code /proc} and {@code /sys}; for those that are read now and then.
 *
 * <p>They are read by a stream, whose buffer takes them in one piece: the methods of {@link Files}
 * that return all of a file ask for one byte first where its size is told as 0, and a number below
 * {@code /proc/sys} ends there (do_proc_dointvec in kernel/sysctl.c gives what is asked for once).
 */
public final class SmallFile {

  private SmallFile() {}

  /** The whole text; empty if the file is absent or reading it is denied. */
  public static Optional<String> read(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return Optional.of(new String(in.readAllBytes(), StandardCharsets.ISO_8859_1));
    } catch (IOException | RuntimeException e) {
      // What the environment hides is unknown, not an error: the caller says what that means.
      return Optional.empty();
    }
  }

  /** The one decimal number that the file holds; empty if there is none. */
  public static Optional<Long> readNumber(Path file) {
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
