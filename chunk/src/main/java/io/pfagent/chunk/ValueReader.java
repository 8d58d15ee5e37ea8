package io.pfagent.chunk;

import java.io.IOException;

/** Passes over values of a recording, whatever their type, and picks numbers out of them. */
final class ValueReader {

  private static final int MOST_DEPTH = 16;

  private final Metadata metadata;

  ValueReader(Metadata metadata) {
    this.metadata = metadata;
  }

  /** Passes over a value. */
  void skip(ByteReader in, TypeDescriptor type) throws IOException {
    skip(in, type, 0);
  }

  /** Passes over a value, but keeps its numbers of these names, in the order of the names. */
  void pick(ByteReader in, TypeDescriptor type, String[] names, long[] numbers) throws IOException {
    for (TypeDescriptor.Field field : type.fields()) {
      int i = 0;
      while (i < names.length && !names[i].equals(field.name())) {
        i++;
      }
      if (i < names.length && !field.isArray() && Encoding.of(metadata, field) == Encoding.NUMBER) {
        numbers[i] = in.number();
      } else {
        skip(in, field, 0);
      }
    }
  }

  private void skip(ByteReader in, TypeDescriptor type, int depth) throws IOException {
    if (depth == MOST_DEPTH) {
      throw new IOException("values of %s are nested too deep".formatted(type.name()));
    }
    switch (Encoding.of(type)) {
      case BYTE -> in.skip(1);
      case NUMBER -> in.number();
      case FLOAT -> in.skip(Float.BYTES);
      case DOUBLE -> in.skip(Double.BYTES);
      case STRING -> EncodedString.read(in);
      case STRUCT -> {
        for (TypeDescriptor.Field field : type.fields()) {
          skip(in, field, depth + 1);
        }
      }
    }
  }

  private void skip(ByteReader in, TypeDescriptor.Field field, int depth) throws IOException {
    int values = field.isArray() ? in.count() : 1;
    TypeDescriptor type = metadata.type(field.typeId());
    for (int i = 0; i < values; i++) {
      if (field.isPooled()) {
        in.number();
      } else {
        skip(in, type, depth);
      }
    }
  }
}
