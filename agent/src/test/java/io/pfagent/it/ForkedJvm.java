package io.pfagent.it;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a program in a JVM of its own, with or without the packed agent. */
final class ForkedJvm {

  static final Path ROOT = Path.of(System.getProperty("user.dir")).getParent();
  static final Path AGENT_JAR = ROOT.resolve("agent/target/pfagent.jar");

  private static final long TIMEOUT_SECONDS = 120;

  private final Jdk jdk;
  private final List<String> prefix = new ArrayList<>();
  private final List<String> jvmArguments = new ArrayList<>();
  private final List<String> classPath = new ArrayList<>();
  private String launcher = "java";

  ForkedJvm(Jdk jdk) {
    this.jdk = jdk;
    classPath.add(ROOT.resolve("agent/target/test-classes").toString());
  }

  /** Text of both streams and how it ended. */
  record Result(int exit, String out, String err) {
    List<String> errLines() {
      return err.lines().toList();
    }
  }

  ForkedJvm agent(String options) {
    jvmArguments.add("-javaagent:" + AGENT_JAR + (options.isEmpty() ? "" : "=" + options));
    return this;
  }

  ForkedJvm jvm(String... arguments) {
    jvmArguments.addAll(List.of(arguments));
    return this;
  }

  ForkedJvm classPath(Path... entries) {
    for (Path entry : entries) {
      classPath.add(entry.toString());
    }
    return this;
  }

  /** Nothing of the tests' own class path. */
  ForkedJvm noClassPath() {
    classPath.clear();
    return this;
  }

  /** A command in front of java. */
  ForkedJvm through(String... command) {
    prefix.addAll(List.of(command));
    return this;
  }

  ForkedJvm tool(String name) {
    launcher = name;
    return this;
  }

  Result run(String... mainAndArguments) throws IOException, InterruptedException {
    Path out = Files.createTempFile("pfagent", ".out");
    Path err = Files.createTempFile("pfagent", ".err");
    try {
      Process process = start(out, err, mainAndArguments);
      if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
        throw new AssertionError(
            "still running after " + TIMEOUT_SECONDS + " s: " + Files.readString(err));
      }
      return new Result(process.exitValue(), Files.readString(out), Files.readString(err));
    } finally {
      Files.deleteIfExists(out);
      Files.deleteIfExists(err);
    }
  }

  /** For those who talk to it while it runs; standard output and input are pipes. */
  Process start(Path err, String... mainAndArguments) throws IOException {
    return builder(mainAndArguments).redirectError(err.toFile()).start();
  }

  private Process start(Path out, Path err, String... mainAndArguments) throws IOException {
    return builder(mainAndArguments)
        .redirectOutput(out.toFile())
        .redirectError(err.toFile())
        .start();
  }

  private ProcessBuilder builder(String... mainAndArguments) {
    List<String> command = new ArrayList<>(prefix);
    command.add(jdk.tool(launcher));
    command.addAll(jvmArguments);
    if (!classPath.isEmpty() && launcher.equals("java")) {
      command.add("-cp");
      command.add(String.join(File.pathSeparator, classPath));
    }
    command.addAll(List.of(mainAndArguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().remove("JAVA_TOOL_OPTIONS");
    builder.environment().remove("JDK_JAVA_OPTIONS");
    return builder;
  }
}
