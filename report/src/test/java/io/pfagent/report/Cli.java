package io.pfagent.report;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;

/**
 * Runs the command line in this JVM.
 *
 * @param exitCode what the process would exit with
 */
record Cli(int exitCode, String out, String err) {

  static Cli run(Path agentJar, String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exitCode = Main.run(args, new PrintWriter(out), new PrintWriter(err), agentJar);
    return new Cli(exitCode, out.toString(), err.toString());
  }

  static Cli report(Path recording, String... more) {
    String[] args = new String[more.length + 2];
    args[0] = "report";
    args[1] = recording.toString();
    System.arraycopy(more, 0, args, 2, more.length);
    return run(null, args);
  }
}
