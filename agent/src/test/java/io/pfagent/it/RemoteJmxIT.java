package io.pfagent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The beans over a remote connection with the JDK's own filter of what may be deserialized: a
 * client that knows nothing of the agent reads, sets, calls and is told.
 */
class RemoteJmxIT {

  private static final long SIZE = 64 << 20;

  @TempDir Path folder;

  static List<Jdk> jdks() {
    return Jdk.all();
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void everythingIsReadByAStranger(Jdk jdk) throws Exception {
    int port = freePort();
    try (RunningJvm jvm = start(jdk, port);
        JMXConnector connector = connect(port)) {
      PreallocBean.await(connector);
      MBeanServerConnection server = connector.getMBeanServerConnection();
      List<String> read = new ArrayList<>();
      for (ObjectName bean : server.queryNames(new ObjectName("io.pfagent:*"), null)) {
        for (MBeanAttributeInfo attribute : server.getMBeanInfo(bean).getAttributes()) {
          Object value = server.getAttribute(bean, attribute.getName());
          assertThat(isOpen(value)).as(attribute.getName() + " = " + value).isTrue();
          assertThat(attribute.getDescription()).isNotEqualTo(attribute.getName());
          read.add(attribute.getName());
        }
      }
      assertThat(read).contains("PreallocPages", "UserFaults", "TrackedRegions", "Capabilities");
      assertThat(jvm.err()).doesNotContain("REJECTED");
    }
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void settingsAreMadeAndToldOf(Jdk jdk) throws Exception {
    assumeTrue(HugePageSize.isMadvise(), "skipped: transparent_hugepage/enabled is not madvise");
    int port = freePort();
    try (RunningJvm jvm = start(jdk, port);
        JMXConnector connector = connect(port)) {
      PreallocBean bean = PreallocBean.await(connector);
      bean.set("PreallocPages", 512);
      assertThat(bean.nextChange()).contains("1 -> 512").contains("applied");
      jvm.tell("allocate " + SIZE);
      long region = bean.regionOf(SIZE);
      assertThat(bean.call("setRegionPages", region, 1)).asString().contains("512 -> 1");
      assertThat(bean.nextChange()).contains("region " + region + ": 512 -> 1");
      assertThatThrownBy(() -> bean.set("PreallocPages", 513))
          .rootCause()
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("must be 1 to 512");
      assertThat((String[]) bean.call("undo")).isNotEmpty();
    }
  }

  private static boolean isOpen(Object value) {
    if (value instanceof CompositeData[] || value instanceof CompositeData) {
      return true;
    }
    Class<?> type =
        value.getClass().isArray() ? value.getClass().componentType() : value.getClass();
    return type.isPrimitive() || type.getName().startsWith("java.lang.");
  }

  private RunningJvm start(Jdk jdk, int port) throws Exception {
    String jmx = "-Dcom.sun.management.jmxremote.";
    ForkedJvm jvm =
        new ForkedJvm(jdk)
            .agent("")
            .jvm(jmx + "port=" + port, jmx + "rmi.port=" + port, jmx + "host=127.0.0.1")
            .jvm(jmx + "authenticate=false", jmx + "ssl=false")
            .jvm("-Djava.rmi.server.hostname=127.0.0.1");
    return RunningJvm.start(jvm, folder);
  }

  private static JMXConnector connect(int port) throws Exception {
    return JMXConnectorFactory.connect(
        new JMXServiceURL("service:jmx:rmi:///jndi/rmi://127.0.0.1:" + port + "/jmxrmi"));
  }

  private static int freePort() throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
