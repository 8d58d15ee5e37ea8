package io.pfagent.demo;

import java.io.PrintStream;

/**
 * Memory segments of confined, shared and automatic arenas. This is the stand-in for JDKs without
 * {@code java.lang.foreign}; the demo itself is in {@code src/main/java22}, and the jar, when it
 * was built with JDK 22 or later, has both.
 */
public final class ArenaSegments {

  private ArenaSegments() {}

  /** Runs the demo; {@code --help} lists its arguments. */
  public static void main(String[] args) {
    Launcher.launch("usage: ArenaSegments [SIZE]\n", ArenaSegments::run, args);
  }

  static void run(Arguments arguments, PrintStream out) throws DemoException {
    arguments.size("SIZE", 0);
    arguments.end();
    throw DemoException.unavailable("ArenaSegments: needs JDK 22 or later, to build and to run");
  }
}
