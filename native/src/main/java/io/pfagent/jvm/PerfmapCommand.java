package io.pfagent.jvm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * The diagnostic command {@code Compiler.perfmap} of this JVM. Newer JDKs take the file's name; JDK
 * 17 writes {@code /tmp/perf-PID.map}.
 */
final class PerfmapCommand {

  private static final String OPERATION = "compilerPerfmap";

  private PerfmapCommand() {}

  /**
   * The lines that the JVM writes. The file is deleted at once.
   *
   * @throws IOException if the JVM has no such command, or the file can't be had
   */
  static List<String> lines() throws IOException {
    DiagnosticCommand command =
        DiagnosticCommand.find(OPERATION)
            .orElseThrow(
                () -> new IOException("this JVM has no diagnostic command Compiler.perfmap"));
    return command.takesArguments() ? linesOfNamedFile(command) : linesOfFixedFile(command);
  }

  private static List<String> linesOfNamedFile(DiagnosticCommand command) throws IOException {
    Path file =
        Files.createTempFile(
            "pfagent",
            ".map",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try {
      command.run("\"" + file + "\"");
      return Files.readAllLines(file);
    } finally {
      Files.deleteIfExists(file);
    }
  }

  /** A file that is there is another tool's, or a trap in a directory that is everybody's. */
  private static List<String> linesOfFixedFile(DiagnosticCommand command) throws IOException {
    Path file = CodeMap.perfMapFile();
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException(file + " exists, and this JVM can write no other; remove it");
    }
    try {
      command.run();
      return Files.readAllLines(file);
    } finally {
      Files.deleteIfExists(file);
    }
  }
}
