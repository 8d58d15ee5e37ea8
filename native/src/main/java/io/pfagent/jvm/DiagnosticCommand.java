package io.pfagent.jvm;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Optional;
import javax.management.JMException;
import javax.management.MBeanOperationInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/** A diagnostic command of this JVM (see jcmd(1)), through its MXBean (module jdk.management). */
final class DiagnosticCommand {

  private static final String BEAN = "com.sun.management:type=DiagnosticCommand";

  private final MBeanServer server;
  private final ObjectName bean;
  private final MBeanOperationInfo operation;

  private DiagnosticCommand(MBeanServer server, ObjectName bean, MBeanOperationInfo operation) {
    this.server = server;
    this.bean = bean;
    this.operation = operation;
  }

  /**
   * Looks for a command.
   *
   * @param name as the bean calls it, {@code vmVersion} for VM.version
   * @return empty if this JVM hasn't got it
   */
  static Optional<DiagnosticCommand> find(String name) throws IOException {
    try {
      MBeanServer server = ManagementFactory.getPlatformMBeanServer();
      ObjectName bean = new ObjectName(BEAN);
      for (MBeanOperationInfo operation : server.getMBeanInfo(bean).getOperations()) {
        if (operation.getName().equals(name)) {
          return Optional.of(new DiagnosticCommand(server, bean, operation));
        }
      }
      return Optional.empty();
    } catch (JMException | RuntimeException failure) {
      throw new IOException("no diagnostic commands: " + failure, failure);
    }
  }

  boolean takesArguments() {
    return operation.getSignature().length > 0;
  }

  /**
   * Runs it.
   *
   * @param arguments as on the command line of jcmd(1); none where it takes none
   * @return what it prints
   */
  String run(String... arguments) throws IOException {
    try {
      Object[] values = takesArguments() ? new Object[] {arguments} : new Object[0];
      String[] types = takesArguments() ? new String[] {String[].class.getName()} : new String[0];
      return String.valueOf(server.invoke(bean, operation.getName(), values, types));
    } catch (JMException | RuntimeException failure) {
      throw new IOException(
          "the diagnostic command " + operation.getName() + " failed: " + failure, failure);
    }
  }
}
