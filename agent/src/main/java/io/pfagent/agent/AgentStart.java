package io.pfagent.agent;

import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.nio.file.Path;

/**
 * Start of the agent, the same at the JVM's start and in a running one but for bad options: those
 * stop a JVM that starts, as JFR's own do, and change nothing in one that runs.
 */
public final class AgentStart {

  /**
   * Where the outcome of an attach stands for the attacher: {@code ok: ...} or {@code error: ...}.
   */
  static final String OUTCOME_PROPERTY = "io.pfagent.attach.outcome";

  private AgentStart() {}

  /** Called by {@link Launcher} before the application's main method. */
  public static void premain(String options, Instrumentation instrumentation, Path jar) {
    try {
      System.err.println("pfagent: " + start(options, instrumentation, jar));
    } catch (OptionException refused) {
      System.err.println("pfagent: " + refused.getMessage());
      System.exit(1);
    } catch (UnavailableException unavailable) {
      System.err.println("pfagent: " + unavailable.getMessage());
    }
  }

  /** Called by {@link Launcher} in a thread of the JVM that was attached to. */
  public static void agentmain(String options, Instrumentation instrumentation, Path jar) {
    String outcome;
    try {
      outcome = "ok: " + start(options, instrumentation, jar);
    } catch (OptionException | UnavailableException refused) {
      outcome = "error: " + refused.getMessage();
    } catch (Throwable failure) {
      outcome = "error: the agent failed to start: " + failure;
    }
    System.setProperty(OUTCOME_PROPERTY, outcome);
  }

  private static String start(String text, Instrumentation instrumentation, Path jar)
      throws OptionException, UnavailableException {
    if (!System.getProperty("os.name").equals("Linux")) {
      throw new UnavailableException(
          "not started: page faults are counted on Linux only, and this is "
              + System.getProperty("os.name"));
    }
    if (ModuleLayer.boot().findModule("jdk.jfr").isEmpty()) {
      throw new UnavailableException(
          "not started: this JVM runs without the module jdk.jfr; add --add-modules jdk.jfr");
    }
    Options options = OptionParser.parse(text);
    try {
      // First of all: the verifier needs the holder for whatever names it.
      BootClasses.define(instrumentation);
      return Agent.start(options, instrumentation, jar);
    } catch (IllegalStateException other) {
      throw new UnavailableException("not started: " + other.getMessage());
    } catch (IOException | IllegalAccessException failure) {
      throw new UnavailableException("not started: " + failure);
    }
  }
}
