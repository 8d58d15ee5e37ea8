package io.pfagent.demo;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.descriptor.web.FilterDef;
import org.apache.tomcat.util.descriptor.web.FilterMap;

/**
 * A servlet in an embedded Tomcat behind many filters, and its clients over the loopback address.
 *
 * <p>Each request fills fresh memory, on the heap and off it, under a stack as deep as frameworks
 * make it: Tomcat's own frames and two for each filter.
 */
public final class TomcatRequests {

  private static final String HELP =
      """
      usage: TomcatRequests [CLIENTS] [REQUESTS] [FILTERS] [BYTES]
      Sends requests to a servlet in this JVM that fills memory, and checks the answers.
        CLIENTS   clients at the same time (default 2)
        REQUESTS  requests of each client (default 500)
        FILTERS   filters before the servlet, two frames of its stack each (default 20)
        BYTES     bytes that a request fills, on the heap and off it (default 256k)
      """;

  private static final String PATH = "/fill";

  /** In a field because the logging system forgets the level of a logger that nobody refers to. */
  private static final Logger TOMCAT_LOGGER = Logger.getLogger("org.apache");

  private TomcatRequests() {}

  /** Runs the demo; {@code --help} lists its arguments. */
  public static void main(String[] args) {
    Launcher.launch(HELP, TomcatRequests::run, args);
  }

  static void run(Arguments arguments, PrintStream out) throws Exception {
    int clients = arguments.count("CLIENTS", 2);
    int requests = arguments.count("REQUESTS", 500);
    int filters = arguments.count("FILTERS", 20);
    int bytes = arguments.size("BYTES", 256 * Arguments.KILO, FillServlet.LEAST_BYTES);
    arguments.end();

    // Tomcat tells at INFO that it starts, and at WARNING that the JDK is closed to its leak hunt.
    TOMCAT_LOGGER.setLevel(Level.SEVERE);
    Path directory = Files.createTempDirectory("pfagent-demo-");
    Tomcat tomcat = new Tomcat();
    try {
      int port = start(tomcat, directory, filters, bytes);
      long sum = TomcatClient.runAll(clients, requests, port, PATH);
      out.printf(
          "TomcatRequests: %d clients, %d requests of %d bytes each through %d filters,"
              + " checksum %x%n",
          clients, requests, bytes, filters, sum);
    } finally {
      stop(tomcat);
      delete(directory);
    }
  }

  /** Returns the port that it listens at. */
  private static int start(Tomcat tomcat, Path directory, int filters, int bytes)
      throws LifecycleException {
    tomcat.setBaseDir(directory.toString());
    Connector connector = new Connector();
    connector.setProperty("address", InetAddress.getLoopbackAddress().getHostAddress());
    connector.setPort(0);
    tomcat.setConnector(connector);
    Context context = tomcat.addContext("", directory.toString());
    for (int i = 0; i < filters; i++) {
      addFilter(context, "filter-" + i);
    }
    Tomcat.addServlet(context, "fill", new FillServlet(bytes));
    context.addServletMappingDecoded(PATH, "fill");
    tomcat.start();
    return connector.getLocalPort();
  }

  private static void addFilter(Context context, String name) {
    FilterDef definition = new FilterDef();
    definition.setFilterName(name);
    definition.setFilter((request, response, chain) -> chain.doFilter(request, response));
    context.addFilterDef(definition);
    FilterMap mapping = new FilterMap();
    mapping.setFilterName(name);
    mapping.addURLPattern(PATH);
    context.addFilterMap(mapping);
  }

  private static void stop(Tomcat tomcat) throws LifecycleException {
    try {
      tomcat.stop();
    } finally {
      tomcat.destroy();
    }
  }

  private static void delete(Path directory) throws IOException {
    List<Path> inner;
    try (Stream<Path> files = Files.walk(directory)) {
      inner = files.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path file : inner) {
      Files.delete(file);
    }
  }
}
