package io.pfagent.report;

import com.sun.tools.attach.AgentInitializationException;
import com.sun.tools.attach.AgentLoadException;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;

/**
 * Talks to another JVM. The only class that needs the module jdk.attach, so that the others load
 * where it is missing.
 */
final class Attachment {

  /** The system property of the target in which the agent leaves "ok: ..." or "error: ...". */
  static final String OUTCOME_PROPERTY = "io.pfagent.attach.outcome";

  private static final String OK = "ok: ";
  private static final String ERROR = "error: ";

  private Attachment() {}

  /**
   * Loads the agent into a JVM.
   *
   * @param jar absolute path of the agent
   * @param options the agent's options, may be empty
   * @return the agent's own message
   * @throws CommandException if that JVM refuses, or the agent reports an error
   */
  static String load(long pid, String jar, String options) {
    try {
      VirtualMachine target = attach(pid);
      try {
        target.loadAgent(jar, options);
        return outcome(pid, target);
      } finally {
        target.detach();
      }
    } catch (AgentLoadException | AgentInitializationException e) {
      throw new CommandException(
          "process %d could not load %s: %s; can it read that file (a container cannot)?"
              .formatted(pid, jar, e.getMessage()),
          e);
    } catch (IOException e) {
      throw lost(pid, e);
    }
  }

  /**
   * Has a JVM open its JMX connector for this machine's user.
   *
   * @return its address
   * @throws CommandException if that JVM refuses
   */
  static String localConnector(long pid) {
    try {
      VirtualMachine target = attach(pid);
      try {
        return target.startLocalManagementAgent();
      } finally {
        target.detach();
      }
    } catch (IOException e) {
      throw lost(pid, e);
    }
  }

  private static VirtualMachine attach(long pid) throws IOException {
    try {
      return VirtualMachine.attach(Long.toString(pid));
    } catch (AttachNotSupportedException e) {
      throw new CommandException(
          "cannot attach to process %d: %s; was it started with -XX:+DisableAttachMechanism?"
              .formatted(pid, e.getMessage()),
          e);
    }
  }

  private static CommandException lost(long pid, IOException e) {
    return new CommandException(
        "lost the connection to process %d, which may have ended: %s"
            .formatted(pid, e.getMessage()),
        e);
  }

  private static String outcome(long pid, VirtualMachine target) throws IOException {
    String outcome = target.getSystemProperties().getProperty(OUTCOME_PROPERTY);
    if (outcome != null && outcome.startsWith(OK)) {
      return outcome.substring(OK.length());
    }
    if (outcome != null && outcome.startsWith(ERROR)) {
      throw new CommandException(outcome.substring(ERROR.length()));
    }
    throw new CommandException(
        "the agent was loaded into process %d but left no outcome ('%s'); is another version in it?"
            .formatted(pid, outcome));
  }
}
