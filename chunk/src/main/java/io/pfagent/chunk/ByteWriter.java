package io.pfagent.chunk;

import java.util.Arrays;

/**
 * Bytes in a row, with numbers as JFR packs them: seven bits to a byte, the lowest first, the top
 * bit set while more follow; a ninth byte has eight bits ({@code jfrEncoders.hpp} in the JDK). It
 * grows as needed and is made to be used again.
 */
final class ByteWriter {

  private static final int CONTINUED = 0x80;
  private static final int MOST_BYTES_OF_A_NUMBER = 9;
  private static final int MOST_BYTES_OF_A_CHAR = 3;

  private byte[] bytes;
  private int size;

  ByteWriter(int capacity) {
    bytes = new byte[capacity];
  }

  int size() {
    return size;
  }

  /** The bytes themselves: those from 0 to {@link #size()} count, until the next change. */
  byte[] array() {
    return bytes;
  }

  void clear() {
    size = 0;
  }

  void put(int value) {
    reserve(1);
    bytes[size++] = (byte) value;
  }

  void put(boolean value) {
    put(value ? 1 : 0);
  }

  void number(long value) {
    reserve(MOST_BYTES_OF_A_NUMBER);
    long rest = value;
    for (int i = 1; i < MOST_BYTES_OF_A_NUMBER; i++) {
      if ((rest & -CONTINUED) == 0) {
        bytes[size++] = (byte) rest;
        return;
      }
      bytes[size++] = (byte) (rest | CONTINUED);
      rest >>>= 7;
    }
    bytes[size++] = (byte) rest;
  }

  /** A number near zero on either side, in few bytes. */
  void difference(long value) {
    number(value << 1 ^ value >> 63);
  }

  void fixedShort(int value) {
    put(value >> 8);
    put(value);
  }

  /** Big endian. */
  void fixedInt(int value) {
    fixedShort(value >> 16);
    fixedShort(value);
  }

  /** Big endian. */
  void fixedLong(long value) {
    fixedInt((int) (value >> 32));
    fixedInt((int) value);
  }

  void append(byte[] source, int from, int length) {
    reserve(length);
    System.arraycopy(source, from, bytes, size, length);
    size += length;
  }

  void append(byte[] source) {
    append(source, 0, source.length);
  }

  void append(ByteWriter other) {
    append(other.bytes, 0, other.size);
  }

  /**
   * Text in UTF-8 behind its length in bytes, without an object being made.
   *
   * @param mostChars how many characters to keep; it is cut there
   */
  void text(String text, int mostChars) {
    int chars = Math.min(text.length(), mostChars);
    number(utf8Length(text, chars));
    reserve(chars * MOST_BYTES_OF_A_CHAR);
    for (int i = 0; i < chars; i++) {
      int c = codePoint(text, i, chars);
      if (c < 0x80) {
        bytes[size++] = (byte) c;
      } else if (c < 0x800) {
        bytes[size++] = (byte) (0xc0 | c >> 6);
        bytes[size++] = continuation(c);
      } else if (c < 0x10000) {
        bytes[size++] = (byte) (0xe0 | c >> 12);
        bytes[size++] = continuation(c >> 6);
        bytes[size++] = continuation(c);
      } else {
        bytes[size++] = (byte) (0xf0 | c >> 18);
        bytes[size++] = continuation(c >> 12);
        bytes[size++] = continuation(c >> 6);
        bytes[size++] = continuation(c);
        i++;
      }
    }
  }

  private static byte continuation(int bits) {
    return (byte) (0x80 | (bits & 0x3f));
  }

  private static int utf8Length(String text, int chars) {
    int length = 0;
    for (int i = 0; i < chars; i++) {
      int c = codePoint(text, i, chars);
      if (c < 0x80) {
        length++;
      } else if (c < 0x800) {
        length += 2;
      } else if (c < 0x10000) {
        length += 3;
      } else {
        length += 4;
        i++;
      }
    }
    return length;
  }

  /** Half a surrogate pair, which UTF-8 has no bytes for, becomes a question mark. */
  private static int codePoint(String text, int i, int chars) {
    char c = text.charAt(i);
    if (!Character.isSurrogate(c)) {
      return c;
    }
    boolean isPair =
        Character.isHighSurrogate(c)
            && i + 1 < chars
            && Character.isLowSurrogate(text.charAt(i + 1));
    return isPair ? Character.toCodePoint(c, text.charAt(i + 1)) : '?';
  }

  private void reserve(int more) {
    if (more > bytes.length - size) {
      bytes = Arrays.copyOf(bytes, Math.max(size + more, 2 * bytes.length));
    }
  }
}
