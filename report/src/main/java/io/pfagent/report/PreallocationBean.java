package io.pfagent.report;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.management.Attribute;
import javax.management.AttributeNotFoundException;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.RuntimeMBeanException;
import javax.management.RuntimeOperationsException;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/**
 * The MXBean {@code io.pfagent:type=Preallocation} of another JVM, through the connector that every
 * JVM opens for its own user on this machine. The command line knows the bean by names alone: the
 * agent in that JVM may be of another version.
 */
final class PreallocationBean implements AutoCloseable {

  private static final String NAME = "io.pfagent:type=Preallocation";

  private final long pid;
  private final JMXConnector connector;
  private final MBeanServerConnection server;
  private final ObjectName name;

  private PreallocationBean(
      long pid, JMXConnector connector, MBeanServerConnection server, ObjectName name) {
    this.pid = pid;
    this.connector = connector;
    this.server = server;
    this.name = name;
  }

  /** A call to the other JVM. */
  private interface Call<T> {
    T run() throws JMException, IOException;
  }

  /**
   * Connects to a JVM.
   *
   * @throws CommandException if it can't be reached or has no such bean
   */
  static PreallocationBean connect(long pid) {
    String address = Attachment.localConnector(pid);
    try {
      JMXConnector connector = JMXConnectorFactory.connect(new JMXServiceURL(address));
      PreallocationBean bean =
          new PreallocationBean(
              pid, connector, connector.getMBeanServerConnection(), new ObjectName(NAME));
      bean.checkRegistered();
      return bean;
    } catch (IOException | JMException e) {
      throw new CommandException(
          "cannot connect to process %d by JMX at %s: %s".formatted(pid, address, e.getMessage()),
          e);
    }
  }

  private void checkRegistered() {
    if (!call(() -> server.isRegistered(name))) {
      close();
      throw notThere(null);
    }
  }

  private CommandException notThere(Exception cause) {
    return new CommandException(
        ("process %d has no bean %s: it does not run the agent (attach it: java -jar pfagent.jar"
                + " attach %d), or runs it with jmx=off")
            .formatted(pid, NAME, pid),
        cause);
  }

  void setPages(int pages) {
    set(new Attribute("PreallocPages", pages));
  }

  void setAutomatic() {
    set(new Attribute("Automatic", true));
  }

  private void set(Attribute attribute) {
    try {
      call(
          () -> {
            server.setAttribute(name, attribute);
            return null;
          });
    } catch (RefusedException refused) {
      throw new CommandException(
          "%s; this JVM supports %s pages per fault"
              .formatted(refused.getMessage(), text("SupportedPages")),
          refused);
    }
  }

  /** Takes all changes back; gives a line for each. */
  List<String> undo() {
    try {
      return lines(call(() -> server.invoke(name, "undo", new Object[0], new String[0])));
    } catch (RefusedException refused) {
      throw new CommandException(refused.getMessage(), refused);
    }
  }

  /** The attribute, or null if this agent does not have it. */
  Object attribute(String attribute) {
    return call(
        () -> {
          try {
            return server.getAttribute(name, attribute);
          } catch (AttributeNotFoundException older) {
            return null;
          }
        });
  }

  /** The attribute as a text; numbers of an array are separated by commas. */
  String text(String attribute) {
    Object value = attribute(attribute);
    if (value instanceof int[] numbers) {
      return IntStream.of(numbers).mapToObj(Integer::toString).collect(Collectors.joining(", "));
    }
    return value == null ? Units.UNKNOWN : value.toString();
  }

  List<String> texts(String attribute) {
    return lines(attribute(attribute));
  }

  boolean isTrue(String attribute) {
    return Boolean.TRUE.equals(attribute(attribute));
  }

  private static List<String> lines(Object value) {
    return value instanceof String[] texts ? Arrays.asList(texts) : List.of();
  }

  /** What the bean itself refuses, with its own words. */
  private static final class RefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    RefusedException(Throwable cause) {
      super(cause.getMessage(), cause);
    }
  }

  private <T> T call(Call<T> call) {
    try {
      return call.run();
    } catch (RuntimeMBeanException e) {
      throw new RefusedException(e.getTargetException());
    } catch (RuntimeOperationsException e) {
      throw new RefusedException(e.getTargetException());
    } catch (InstanceNotFoundException e) {
      throw notThere(e);
    } catch (JMException e) {
      throw new CommandException("process %d refuses: %s".formatted(pid, rootMessage(e)), e);
    } catch (IOException e) {
      throw new CommandException(
          "lost the connection to process %d, which may have ended: %s"
              .formatted(pid, e.getMessage()),
          e);
    }
  }

  private static String rootMessage(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause.getMessage();
  }

  @Override
  public void close() {
    try {
      connector.close();
    } catch (IOException e) {
      // The other JVM has ended: the connection with it.
    }
  }
}
