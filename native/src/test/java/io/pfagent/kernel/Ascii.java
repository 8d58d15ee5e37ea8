package io.pfagent.kernel;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Captured text as the parsers get it. */
final class Ascii {

  private Ascii() {}

  static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
  }
}
