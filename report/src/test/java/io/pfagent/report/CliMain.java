package io.pfagent.report;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The command line as a program, for tests that need a JVM of their own. */
final class CliMain {

  private CliMain() {}

  public static void main(String[] args) {
    System.exit(
        Main.run(
            args,
            new PrintWriter(System.out, false, StandardCharsets.UTF_8),
            new PrintWriter(System.err, false, StandardCharsets.UTF_8),
            Path.of("pfagent.jar")));
  }
}
