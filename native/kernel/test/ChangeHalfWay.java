// SPDX-License-Identifier: GPL-2.0

import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.management.Attribute;
import javax.management.MBeanServer;
import javax.management.MBeanServerDelegate;
import javax.management.MBeanServerNotification;
import javax.management.ObjectName;

/**
 * An application under the agent: allocates buffers, has the pages per fault set to 16, allocates
 * as many again. The argument tells how they are set: {@code jmx} or {@code command}.
 */
final class ChangeHalfWay {

  private static final int BUFFERS = 24;
  private static final int BYTES = 8 << 20;
  private static final int PAGES = 16;
  private static final String ATTRIBUTE = "PreallocPages";

  private ChangeHalfWay() {}

  public static void main(String[] arguments) throws Exception {
    // Kept, so that no buffer gets memory that another one has touched.
    ByteBuffer[] buffers = new ByteBuffer[2 * BUFFERS];
    allocate(buffers, 0);
    switch (arguments[0]) {
      case "jmx" -> setOverJmx();
      case "command" -> setByCommand();
      default -> throw new IllegalArgumentException("unknown way '" + arguments[0] + "'");
    }
    allocate(buffers, BUFFERS);
    System.out.println("allocated " + buffers.length + " buffers of " + BYTES + " bytes");
  }

  private static void setOverJmx() throws Exception {
    MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    ObjectName bean = new ObjectName("io.pfagent:type=Preallocation");
    awaitRegistered(server, bean);
    server.setAttribute(bean, new Attribute(ATTRIBUTE, PAGES));
    System.out.println(ATTRIBUTE + " is " + server.getAttribute(bean, ATTRIBUTE));
  }

  /** One place for both halves: the report compares the same work before and after. */
  private static void allocate(ByteBuffer[] buffers, int from) {
    for (int i = from; i < from + BUFFERS; i++) {
      buffers[i] = ByteBuffer.allocateDirect(BYTES);
    }
  }

  /** The agent registers its beans beside the application's start. */
  private static void awaitRegistered(MBeanServer server, ObjectName bean) throws Exception {
    CountDownLatch registered = new CountDownLatch(1);
    server.addNotificationListener(
        MBeanServerDelegate.DELEGATE_NAME,
        (notification, handback) -> {
          if (((MBeanServerNotification) notification).getMBeanName().equals(bean)) {
            registered.countDown();
          }
        },
        null,
        null);
    if (!server.isRegistered(bean) && !registered.await(60, TimeUnit.SECONDS)) {
      throw new IllegalStateException("the agent has no bean " + bean);
    }
  }

  private static void setByCommand() throws Exception {
    String java = System.getProperty("java.home") + "/bin/java";
    String self = Long.toString(ProcessHandle.current().pid());
    String pages = Integer.toString(PAGES);
    int status =
        new ProcessBuilder(java, "-jar", "pfagent.jar", "prealloc", self, pages)
            .inheritIO()
            .start()
            .waitFor();
    if (status != 0) {
      throw new IllegalStateException("pfagent.jar prealloc " + pages + " ended with " + status);
    }
  }
}
