package io.pfagent.chunk;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** A string in a recording: a byte says how it is written ({@code StringParser} in jdk.jfr). */
final class EncodedString {

  private static final int NULL = 0;
  private static final int EMPTY = 1;
  private static final int POOLED = 2;
  private static final int UTF8 = 3;
  private static final int CHARS = 4;
  private static final int LATIN1 = 5;

  private EncodedString() {}

  /** The string; null if it stands in a constant pool. */
  static String read(ByteReader in) throws IOException {
    int encoding = in.get();
    return switch (encoding) {
      case NULL -> null;
      case EMPTY -> "";
      case POOLED -> {
        in.number();
        yield null;
      }
      case UTF8 -> in.text(StandardCharsets.UTF_8);
      case LATIN1 -> in.text(StandardCharsets.ISO_8859_1);
      case CHARS -> {
        int length = in.count();
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
          text.append((char) in.number());
        }
        yield text.toString();
      }
      default -> throw new IOException("a string can't be written in way " + encoding);
    };
  }

  static void write(ByteWriter out, String text) {
    if (text == null) {
      out.put(NULL);
    } else {
      out.put(UTF8);
      out.text(text, Integer.MAX_VALUE);
    }
  }

  /**
   * Writes a string as a key.
   *
   * @param key of the constant pool of strings; 0 for no string
   */
  static void writeKey(ByteWriter out, long key) {
    if (key == 0) {
      out.put(NULL);
    } else {
      out.put(POOLED);
      out.number(key);
    }
  }
}
