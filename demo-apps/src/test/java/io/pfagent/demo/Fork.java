package io.pfagent.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What a command left behind that ran as a process of its own. */
record Fork(int exitCode, String out, String err) {

  private static final int TIMEOUT_SECONDS = 120;

  /** Runs a demo from this test's class path, with its temporary files in the given directory. */
  static Fork demo(Jdk jdk, Path directory, String demo, String... arguments) throws Exception {
    return demoFrom(System.getProperty("java.class.path"), jdk, directory, demo, arguments);
  }

  /** Runs a demo from the given class path. */
  static Fork demoFrom(String classPath, Jdk jdk, Path directory, String demo, String... arguments)
      throws Exception {
    List<String> command = new ArrayList<>();
    command.add(jdk.tool("java").toString());
    command.add("-Djava.io.tmpdir=" + directory);
    command.addAll(List.of("-cp", classPath, "io.pfagent.demo." + demo));
    command.addAll(List.of(arguments));
    return run(command);
  }

  /** Runs a command to its end. */
  static Fork run(List<String> command) throws IOException, InterruptedException {
    Path out = Files.createTempFile("fork-", ".out");
    Path err = Files.createTempFile("fork-", ".err");
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
      // A JVM that picks options up from these says so on stderr.
      builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
      Process process = builder.start();
      if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
        throw new IOException(
            "still running after %d s: %s".formatted(TIMEOUT_SECONDS, String.join(" ", command)));
      }
      return new Fork(process.exitValue(), Files.readString(out), Files.readString(err));
    } finally {
      Files.delete(out);
      Files.delete(err);
    }
  }
}
