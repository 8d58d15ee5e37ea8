package io.pfagent.demo;

/** Why a demo did not start; its message is the one line that the user gets to see. */
final class DemoException extends Exception {

  private final int exitCode;

  private DemoException(int exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  /** The arguments are wrong: the message names the value and says what would be right. */
  static DemoException wrongUsage(String message) {
    return new DemoException(Launcher.WRONG_USAGE, message);
  }

  /** This JVM lacks what the demo shows: the message says what it needs. */
  static DemoException unavailable(String message) {
    return new DemoException(Launcher.UNAVAILABLE, message);
  }

  int exitCode() {
    return exitCode;
  }
}
