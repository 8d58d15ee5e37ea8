package io.pfagent.report;

import java.io.IOException;

/** A JVM to attach to: says when it runs, and ends with its standard input. */
final class Target {

  static final String READY = "ready";

  private Target() {}

  public static void main(String[] args) throws IOException {
    System.out.println(READY);
    while (System.in.read() >= 0) {
      // Nobody writes; the end of the stream is what counts.
    }
  }
}
