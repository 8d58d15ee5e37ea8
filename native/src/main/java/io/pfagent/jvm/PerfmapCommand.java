package io.pfagent.jvm;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import javax.management.JMException;
import javax.management.MBeanOperationInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/**
 * The diagnostic command {@code Compiler.perfmap} of this JVM, through its MXBean (module
 * jdk.management). Newer JDKs take the file's name; JDK 17 writes {@code /tmp/perf-PID.map}.
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
    try {
      MBeanServer server = ManagementFactory.getPlatformMBeanServer();
      ObjectName commands = new ObjectName("com.sun.management:type=DiagnosticCommand");
      for (MBeanOperationInfo operation : server.getMBeanInfo(commands).getOperations()) {
        if (operation.getName().equals(OPERATION)) {
          return operation.getSignature().length == 0
              ? linesOfFixedFile(server, commands)
              : linesOfNamedFile(server, commands);
        }
      }
    } catch (JMException | RuntimeException failure) {
      throw new IOException("the diagnostic command Compiler.perfmap failed: " + failure, failure);
    }
    throw new IOException("this JVM has no diagnostic command Compiler.perfmap");
  }

  private static List<String> linesOfNamedFile(MBeanServer server, ObjectName commands)
      throws IOException, JMException {
    Path file =
        Files.createTempFile(
            "pfagent",
            ".map",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try {
      String[] arguments = {"\"" + file + "\""};
      server.invoke(
          commands, OPERATION, new Object[] {arguments}, new String[] {String[].class.getName()});
      return Files.readAllLines(file);
    } finally {
      Files.deleteIfExists(file);
    }
  }

  /** A file that is there is another tool's, or a trap in a directory that is everybody's. */
  private static List<String> linesOfFixedFile(MBeanServer server, ObjectName commands)
      throws IOException, JMException {
    Path file = CodeMap.perfMapFile();
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException(file + " exists, and this JVM can write no other; remove it");
    }
    try {
      server.invoke(commands, OPERATION, new Object[0], new String[0]);
      return Files.readAllLines(file);
    } finally {
      Files.deleteIfExists(file);
    }
  }
}
