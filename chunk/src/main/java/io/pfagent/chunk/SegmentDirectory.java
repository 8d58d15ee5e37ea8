package io.pfagent.chunk;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Where the segments of a sample file lie, and how they are called. */
final class SegmentDirectory {

  private static final String SUFFIX = ".samples";

  private SegmentDirectory() {}

  /**
   * Makes the directory, for its owner alone, or takes an empty one.
   *
   * @throws FileAlreadyExistsException if samples are there already
   */
  static void create(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      Files.createDirectories(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } else if (!segments(directory).isEmpty()) {
      throw new FileAlreadyExistsException(
          directory.toString(), null, "holds samples already; name a new directory");
    }
  }

  /** Makes the file of a segment, for its owner alone. */
  static Path createSegment(Path directory, int number) throws IOException {
    return Files.createFile(
        directory.resolve("%06d%s".formatted(number, SUFFIX)),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
  }

  /** The segments, the oldest first. */
  static List<Path> segments(Path directory) throws IOException {
    List<Path> segments = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*" + SUFFIX)) {
      files.forEach(segments::add);
    } catch (NotDirectoryException file) {
      return List.of(directory);
    }
    // A run that passes a million segments has longer names.
    segments.sort(
        (one, other) -> {
          int byLength = one.toString().length() - other.toString().length();
          return byLength != 0 ? byLength : one.compareTo(other);
        });
    return Collections.unmodifiableList(segments);
  }

  /** Deletes the segments, and the directory if nothing else is in it. */
  static void delete(Path directory) throws IOException {
    for (Path segment : segments(directory)) {
      Files.deleteIfExists(segment);
    }
    try (DirectoryStream<Path> rest = Files.newDirectoryStream(directory)) {
      if (rest.iterator().hasNext()) {
        return;
      }
    }
    Files.deleteIfExists(directory);
  }
}
