package io.pfagent.demo;

import java.lang.management.ManagementFactory;
import java.util.stream.IntStream;
import javax.management.Attribute;
import javax.management.JMException;
import javax.management.JMRuntimeException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/** Turns the agent's knob by its MXBean, as a person does in a console; knows it by name alone. */
final class PreallocationSetting {

  private static final String BEAN = "io.pfagent:type=Preallocation";

  private PreallocationSetting() {}

  /**
   * Asks for so many pages per fault.
   *
   * @param pages 0 for as many as the bean supports
   * @return what came of it, in one line
   */
  static String change(int pages) throws JMException {
    MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    ObjectName bean = new ObjectName(BEAN);
    if (!server.isRegistered(bean)) {
      return "nothing changes: no agent with preallocation is in this JVM";
    }
    try {
      server.setAttribute(
          bean, new Attribute("PreallocPages", pages > 0 ? pages : most(server, bean)));
      return String.valueOf(server.getAttribute(bean, "LastChange"));
    } catch (JMRuntimeException refused) {
      // The rounds go on: a report that finds no difference is right.
      Throwable reason = refused.getCause() == null ? refused : refused.getCause();
      return "nothing changes: " + reason.getMessage();
    }
  }

  private static int most(MBeanServer server, ObjectName bean) throws JMException {
    int[] supported = (int[]) server.getAttribute(bean, "SupportedPages");
    return IntStream.of(supported).max().orElse(1);
  }
}
