package io.pfagent.kernel;

import java.nio.ByteBuffer;

/** Numbers out of the text of a {@code /proc} file, byte by byte, without a String per field. */
final class AsciiText {

  /** What the numeric methods return where no number stands. */
  static final long NO_NUMBER = -1;

  private AsciiText() {}

  /** The index of the last such byte before the limit, or -1. */
  static int lastIndexOf(ByteBuffer text, char wanted) {
    for (int i = text.limit() - 1; i >= 0; i--) {
      if (text.get(i) == wanted) {
        return i;
      }
    }
    return -1;
  }

  /** The index behind the next {@code fields} words that each follow one space, or the limit. */
  static int skipFields(ByteBuffer text, int from, int fields) {
    int i = from;
    for (int skipped = 0; skipped < fields; skipped++) {
      i++;
      while (i < text.limit() && text.get(i) != ' ') {
        i++;
      }
    }
    return Math.min(i, text.limit());
  }

  /**
   * The non-negative decimal number at this index, after any blanks.
   *
   * @return the number, or {@link #NO_NUMBER}
   */
  static long number(ByteBuffer text, int from) {
    int i = from;
    while (i < text.limit() && isBlank(text.get(i))) {
      i++;
    }
    int first = i;
    long value = 0;
    while (i < text.limit() && text.get(i) >= '0' && text.get(i) <= '9') {
      value = value * 10 + (text.get(i) - '0');
      i++;
    }
    return i > first ? value : NO_NUMBER;
  }

  /**
   * The number behind a key that starts a line, as in {@code syscr: 10}.
   *
   * @param key with its colon
   * @return the number, or {@link #NO_NUMBER} if there is no such line
   */
  static long valueOf(ByteBuffer text, String key) {
    boolean lineStart = true;
    for (int i = 0; i + key.length() <= text.limit(); i++) {
      if (lineStart && startsWith(text, i, key)) {
        return number(text, i + key.length());
      }
      lineStart = text.get(i) == '\n';
    }
    return NO_NUMBER;
  }

  private static boolean startsWith(ByteBuffer text, int from, String key) {
    for (int k = 0; k < key.length(); k++) {
      if (text.get(from + k) != key.charAt(k)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isBlank(byte character) {
    return character == ' ' || character == '\t';
  }
}
