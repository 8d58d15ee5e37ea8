package io.pfagent.chunk;

import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/** Reads what {@link ByteWriter} writes, and what the JVM writes alike. */
final class ByteReader {

  private final byte[] bytes;
  private final int end;
  private int position;

  /** The bytes are not copied. */
  ByteReader(byte[] bytes, int length) {
    this.bytes = bytes;
    this.end = length;
  }

  boolean hasMore() {
    return position < end;
  }

  int position() {
    return position;
  }

  void moveTo(int newPosition) {
    position = newPosition;
  }

  int get() throws IOException {
    require(1);
    return bytes[position++] & 0xff;
  }

  boolean isSet() throws IOException {
    return get() != 0;
  }

  long number() throws IOException {
    long value = 0;
    for (int shift = 0; shift < 56; shift += 7) {
      int next = get();
      value |= (next & 0x7fL) << shift;
      if (next < 0x80) {
        return value;
      }
    }
    return value | (long) get() << 56;
  }

  long difference() throws IOException {
    long value = number();
    return value >>> 1 ^ -(value & 1);
  }

  /** A number that counts what follows, each at least a byte long. */
  int count() throws IOException {
    long count = number();
    if (count < 0 || count > end - position) {
      throw new EOFException("%d things can't follow at byte %d".formatted(count, position));
    }
    return (int) count;
  }

  /** Text in UTF-8 behind its length in bytes. */
  String text() throws IOException {
    return text(StandardCharsets.UTF_8);
  }

  String text(Charset charset) throws IOException {
    int length = count();
    String text = new String(bytes, position, length, charset);
    position += length;
    return text;
  }

  void skip(int length) throws IOException {
    require(length);
    position += length;
  }

  private void require(int length) throws IOException {
    if (length > end - position) {
      throw new EOFException("the data end at byte " + end);
    }
  }
}
