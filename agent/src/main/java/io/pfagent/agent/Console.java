package io.pfagent.agent;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The agent's lines on standard error: few, each once. */
final class Console {

  private final Set<String> said = ConcurrentHashMap.newKeySet();

  /** Says a line unless it was said before. */
  void say(String line) {
    if (said.add(line)) {
      System.err.println("pfagent: " + line);
    }
  }

  /** Says that something of the agent's own failed; equal kinds of failure are said once. */
  void failed(Throwable failure) {
    StackTraceElement[] stack = failure.getStackTrace();
    String where = stack.length == 0 ? "" : " at " + stack[0];
    say(
        "an internal failure, which the application doesn't see: "
            + failure
            + where
            + "; please report it");
  }
}
