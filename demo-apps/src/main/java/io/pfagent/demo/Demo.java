package io.pfagent.demo;

import java.io.PrintStream;

/** One behaviour, as a program. Its result is the same in every run with the same arguments. */
@FunctionalInterface
interface Demo {

  /**
   * Reads the arguments, does the work and leaves no thread, file or buffer of its own behind.
   *
   * @param out gets the result in one line: counts and checksums, never times or addresses
   * @throws DemoException if an argument is wrong, or this JVM cannot show the behaviour
   */
  void run(Arguments arguments, PrintStream out) throws Exception;
}
