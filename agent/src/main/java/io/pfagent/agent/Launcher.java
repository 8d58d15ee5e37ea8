package io.pfagent.agent;

import java.io.PrintWriter;
import java.lang.instrument.Instrumentation;
import java.lang.reflect.InvocationTargetException;
import java.net.URISyntaxException;
import java.nio.charset.Charset;
import java.nio.file.Path;

/**
 * Entry of {@code pfagent.jar}: as an agent at the JVM's start or in a running one, and as a
 * command. Apart from {@link IsolatedLoader} the only class that the application's class path sees;
 * it hands over to what lives in that loader, and lets nothing out to the application.
 */
public final class Launcher {

  private Launcher() {}

  /** {@code -javaagent:pfagent.jar=OPTIONS}. */
  public static void premain(String options, Instrumentation instrumentation) {
    start("premain", options, instrumentation);
  }

  /** Loaded into a running JVM; the outcome is left in a system property for who asked. */
  public static void agentmain(String options, Instrumentation instrumentation) {
    start("agentmain", options, instrumentation);
  }

  /** {@code java -jar pfagent.jar COMMAND}. */
  public static void main(String[] arguments) throws Exception {
    Path jar = jar();
    PrintWriter out = writer(System.out);
    PrintWriter err = writer(System.err);
    int status =
        (int)
            IsolatedLoader.forCommand(jar)
                .loadClass("io.pfagent.report.Main")
                .getMethod("run", String[].class, PrintWriter.class, PrintWriter.class, Path.class)
                .invoke(null, arguments, out, err, jar);
    out.flush();
    err.flush();
    System.exit(status);
  }

  private static void start(String entry, String options, Instrumentation instrumentation) {
    try {
      Path jar = jar();
      IsolatedLoader.forAgent(jar)
          .loadClass("io.pfagent.agent.AgentStart")
          .getMethod(entry, String.class, Instrumentation.class, Path.class)
          .invoke(null, options, instrumentation, jar);
    } catch (Throwable failure) {
      Throwable cause = failure instanceof InvocationTargetException ? failure.getCause() : failure;
      System.err.println("pfagent: not started, the application goes on without it: " + cause);
    }
  }

  private static Path jar() throws URISyntaxException {
    return Path.of(Launcher.class.getProtectionDomain().getCodeSource().getLocation().toURI());
  }

  private static PrintWriter writer(java.io.PrintStream stream) {
    return new PrintWriter(stream, true, Charset.defaultCharset());
  }
}
