package io.pfagent.demo;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Fills an array and a direct buffer for each request, and answers with a checksum of them. The
 * buffer is freed at once where the JDK allows it without a warning; the rest is the collector's.
 */
final class FillServlet extends HttpServlet {

  /** Of {@code BYTES}: a page has something to touch. */
  static final int LEAST_BYTES = 4 * Arguments.KILO;

  /** Parameter of the request: makes its bytes differ from those of others. */
  static final String SEED = "seed";

  private static final long serialVersionUID = 1;

  private final int bytes;

  FillServlet(int bytes) {
    this.bytes = bytes;
  }

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    int seed = Integer.parseInt(request.getParameter(SEED));
    byte[] onHeap = fill(new byte[bytes], seed);
    ByteBuffer offHeap = ByteBuffer.allocateDirect(bytes);
    offHeap.put(onHeap);
    response.setContentType("text/plain");
    response.getWriter().print(sum(offHeap));
    BufferCleaner.free(offHeap);
  }

  private static byte[] fill(byte[] array, int seed) {
    for (int i = 0; i < array.length; i++) {
      array[i] = (byte) (i ^ seed);
    }
    return array;
  }

  /** What the answer to a request is. */
  private static long sum(ByteBuffer buffer) {
    long sum = 0;
    for (int i = 0; i < buffer.capacity(); i++) {
      sum = 31 * sum + buffer.get(i);
    }
    return sum;
  }
}
