package io.pfagent.jmx;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/** The agent's beans in the platform's server. */
public final class Beans {

  private final MBeanServer server;
  private final List<ObjectName> registered = new ArrayList<>();

  private Beans(MBeanServer server) {
    this.server = server;
  }

  /**
   * Registers the beans.
   *
   * @throws IllegalStateException if they can't be, for example because a name is taken
   */
  public static Beans register(
      AgentMXBean agent,
      PageFaultsMXBean faults,
      RegionsMXBean regions,
      PreallocationMXBean preallocation) {
    Beans beans = new Beans(ManagementFactory.getPlatformMBeanServer());
    try {
      beans.add(agent, AgentMXBean.class, AgentMXBean.NAME);
      beans.add(faults, PageFaultsMXBean.class, PageFaultsMXBean.NAME);
      beans.add(regions, RegionsMXBean.class, RegionsMXBean.NAME);
      beans.add(preallocation, PreallocationMXBean.class, PreallocationMXBean.NAME);
    } catch (JMException taken) {
      beans.unregister();
      throw new IllegalStateException(taken.toString(), taken);
    }
    return beans;
  }

  /** Takes the beans away; one that somebody else has taken away already is none to complain of. */
  public void unregister() {
    for (ObjectName name : registered) {
      try {
        server.unregisterMBean(name);
      } catch (JMException gone) {
        // What was to be done is done.
      }
    }
    registered.clear();
  }

  private <T> void add(T bean, Class<T> type, String name) throws JMException {
    ObjectName objectName = new ObjectName(name);
    server.registerMBean(new DescribedBean(bean, type), objectName);
    registered.add(objectName);
  }
}
