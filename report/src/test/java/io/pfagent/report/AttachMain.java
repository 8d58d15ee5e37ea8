package io.pfagent.report;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** {@code attach} as a program: agent jar, process id. */
final class AttachMain {

  private AttachMain() {}

  public static void main(String[] args) {
    System.exit(
        Main.run(
            new String[] {"attach", args[1]},
            new PrintWriter(System.out, false, StandardCharsets.UTF_8),
            new PrintWriter(System.err, false, StandardCharsets.UTF_8),
            Path.of(args[0])));
  }
}
