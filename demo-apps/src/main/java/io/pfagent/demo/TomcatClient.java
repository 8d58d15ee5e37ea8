package io.pfagent.demo;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Asks {@link FillServlet} again and again over one connection. */
final class TomcatClient {

  private TomcatClient() {}

  /** Runs all clients at the same time and returns a checksum of the answers to all of them. */
  static long runAll(int clients, int requests, int port, String path) throws Exception {
    String address =
        "http://%s:%d%s?%s="
            .formatted(
                InetAddress.getLoopbackAddress().getHostAddress(), port, path, FillServlet.SEED);
    ExecutorService executor = Executors.newFixedThreadPool(clients);
    try {
      List<Future<Long>> sums = new ArrayList<>();
      for (int client = 0; client < clients; client++) {
        int first = client * requests;
        sums.add(executor.submit(() -> run(address, first, requests)));
      }
      long sum = 0;
      for (Future<Long> one : sums) {
        sum = 31 * sum + one.get();
      }
      return sum;
    } finally {
      executor.shutdownNow();
    }
  }

  private static long run(String address, int first, int requests) throws IOException {
    long sum = 0;
    for (int seed = first; seed < first + requests; seed++) {
      sum = 31 * sum + get(URI.create(address + seed).toURL());
    }
    return sum;
  }

  private static long get(URL url) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) url.openConnection();
    // Read to its end, the answer leaves the connection open for the next request.
    try (InputStream answer = connection.getInputStream()) {
      return Long.parseLong(new String(answer.readAllBytes(), StandardCharsets.US_ASCII));
    }
  }
}
