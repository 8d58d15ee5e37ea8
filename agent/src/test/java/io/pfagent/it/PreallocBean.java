package io.pfagent.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.management.Attribute;
import javax.management.MBeanServerConnection;
import javax.management.MBeanServerDelegate;
import javax.management.MBeanServerNotification;
import javax.management.NotificationListener;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;
import javax.management.remote.JMXConnector;

/** The bean {@code io.pfagent:type=Preallocation} of another JVM. */
final class PreallocBean {

  static final String NAME = "io.pfagent:type=Preallocation";

  private static final long PATIENCE_SECONDS = 60;

  private final MBeanServerConnection server;
  private final ObjectName name;
  private final BlockingQueue<String> changes = new LinkedBlockingQueue<>();

  private PreallocBean(MBeanServerConnection server, ObjectName name) {
    this.server = server;
    this.name = name;
  }

  /** The beans come in a thread beside the application's start. */
  static PreallocBean await(JMXConnector connector) throws Exception {
    MBeanServerConnection server = connector.getMBeanServerConnection();
    ObjectName name = new ObjectName(NAME);
    CountDownLatch registered = new CountDownLatch(1);
    NotificationListener listener =
        (one, unused) -> {
          if (one instanceof MBeanServerNotification arrival
              && arrival.getType().equals(MBeanServerNotification.REGISTRATION_NOTIFICATION)
              && arrival.getMBeanName().equals(name)) {
            registered.countDown();
          }
        };
    server.addNotificationListener(MBeanServerDelegate.DELEGATE_NAME, listener, null, null);
    assertThat(server.isRegistered(name) || registered.await(PATIENCE_SECONDS, TimeUnit.SECONDS))
        .as(NAME + " is registered")
        .isTrue();
    server.removeNotificationListener(MBeanServerDelegate.DELEGATE_NAME, listener);
    PreallocBean bean = new PreallocBean(server, name);
    server.addNotificationListener(
        name, (one, unused) -> bean.changes.add(one.getMessage()), null, null);
    return bean;
  }

  Object get(String attribute) throws Exception {
    return server.getAttribute(name, attribute);
  }

  void set(String attribute, Object value) throws Exception {
    server.setAttribute(name, new Attribute(attribute, value));
  }

  Object call(String operation, Object... arguments) throws Exception {
    String[] types = Arrays.stream(arguments).map(PreallocBean::type).toArray(String[]::new);
    return server.invoke(name, operation, arguments, types);
  }

  /** The next notification of a change; they come one after another. */
  String nextChange() throws InterruptedException {
    String change = changes.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    assertThat(change).as("a notification").isNotNull();
    return change;
  }

  /** The next one that contains a word; those before it are dropped. */
  String awaitChange(String word) throws InterruptedException {
    String change = nextChange();
    while (!change.contains(word)) {
      change = nextChange();
    }
    return change;
  }

  /** An attribute of the bean that counts page faults. */
  long faults(String attribute) throws Exception {
    return (long) server.getAttribute(new ObjectName("io.pfagent:type=PageFaults"), attribute);
  }

  /** The number of the only live region of this size. */
  long regionOf(long size) throws Exception {
    CompositeData[] regions =
        (CompositeData[])
            server.invoke(
                new ObjectName("io.pfagent:type=Regions"),
                "topRegions",
                new Object[] {1000},
                new String[] {"int"});
    List<Long> found =
        Arrays.stream(regions)
            .filter(region -> (long) region.get("sizeBytes") == size)
            .map(region -> (Long) region.get("regionId"))
            .toList();
    assertThat(found).as("regions of " + size + " bytes").hasSize(1);
    return found.get(0);
  }

  private static String type(Object argument) {
    return argument instanceof Long
        ? "long"
        : argument instanceof Integer ? "int" : String.class.getName();
  }
}
