package io.pfagent.demo;

import java.io.PrintStream;

/** The outside of every demo: help, the result on stdout, errors on stderr, the exit code. */
final class Launcher {

  static final int DONE = 0;
  static final int FAILED = 1;
  static final int WRONG_USAGE = 2;
  static final int UNAVAILABLE = 3;

  private Launcher() {}

  /** Runs the demo; returns when it is done and ends the JVM with the exit code when it is not. */
  static void launch(String help, Demo demo, String... args) {
    int exitCode = run(help, demo, System.out, System.err, args);
    // No exit after success: a thread that a demo leaves behind shall be noticed.
    if (exitCode != DONE) {
      System.exit(exitCode);
    }
  }

  /** Runs the demo with the given streams and returns the exit code. */
  static int run(String help, Demo demo, PrintStream out, PrintStream err, String... args) {
    if (args.length > 0 && args[0].equals("--help")) {
      out.print(help);
      return DONE;
    }
    try {
      demo.run(new Arguments(args), out);
      return DONE;
    } catch (DemoException refused) {
      // A demo that this JVM cannot run is an expected result; a wrong argument is an error.
      (refused.exitCode() == UNAVAILABLE ? out : err).println(refused.getMessage());
      return refused.exitCode();
    } catch (Exception failure) {
      failure.printStackTrace(err);
      return FAILED;
    }
  }
}
