package io.pfagent.chunk;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Writes values of a type, field by field as the recording describes it. Fields that the writer
 * doesn't know, for they came with a later JDK, are null, zero or false.
 *
 * <p>The values are set by the index of the field's name among those given; what is not set again
 * keeps its value.
 */
final class StructLayout {

  private static final int MOST_DEPTH = 16;

  private final TypeDescriptor type;
  private final List<Slot> slots = new ArrayList<>();
  private final long[] numbers;
  private final Object[] objects;

  /**
   * A field of the type.
   *
   * @param index of its name among those that the writer knows; -1 if it doesn't
   * @param isArray whether it is set as bytes: a count, and the values
   * @param absent what is written if the writer doesn't know it
   */
  private record Slot(int index, Encoding encoding, boolean isArray, ByteWriter absent) {}

  private StructLayout(TypeDescriptor type, int names) {
    this.type = type;
    this.numbers = new long[names];
    this.objects = new Object[names];
  }

  /**
   * The layout of a type.
   *
   * @param names fields that the writer knows; the type may lack some
   * @throws JoinException if the recording doesn't describe the type
   */
  static StructLayout of(Metadata metadata, String typeName, String... names) throws JoinException {
    TypeDescriptor type = metadata.type(typeName);
    StructLayout layout = new StructLayout(type, names.length);
    List<String> known = Arrays.asList(names);
    for (TypeDescriptor.Field field : type.fields()) {
      ByteWriter absent = new ByteWriter(16);
      writeAbsent(absent, metadata, field, 0);
      layout.slots.add(
          new Slot(
              known.indexOf(field.name()), Encoding.of(metadata, field), field.isArray(), absent));
    }
    return layout;
  }

  /**
   * Checks that a field is written in the way that the writer thinks; one that is missing may be.
   *
   * @throws JoinException if it is not
   */
  void require(int index, Encoding encoding) throws JoinException {
    for (Slot slot : slots) {
      if (slot.index() == index && slot.encoding() != encoding) {
        throw new JoinException(
            "field %d of %s is a %s in the recording, not a %s; was it made with another pfagent?"
                .formatted(index, type.name(), slot.encoding(), encoding));
      }
    }
  }

  TypeDescriptor type() {
    return type;
  }

  /** Sets a number, a boolean as 0 or 1, a key of a pool, or the key of a string. */
  void set(int index, long number) {
    numbers[index] = number;
  }

  /** Sets a string that stands in the value itself, or null. */
  void set(int index, String text) {
    objects[index] = text;
  }

  /** Sets an array: its count and its values. */
  void set(int index, ByteWriter values) {
    objects[index] = values;
  }

  /** Writes the value. */
  void writeTo(ByteWriter out) {
    for (Slot slot : slots) {
      if (slot.index() < 0) {
        out.append(slot.absent());
      } else if (slot.isArray()) {
        out.append((ByteWriter) objects[slot.index()]);
      } else {
        write(out, slot);
      }
    }
  }

  private void write(ByteWriter out, Slot slot) {
    long number = numbers[slot.index()];
    switch (slot.encoding()) {
      case BYTE -> out.put((int) number);
      case NUMBER -> out.number(number);
      case STRING -> {
        if (number != 0) {
          EncodedString.writeKey(out, number);
        } else {
          EncodedString.write(out, (String) objects[slot.index()]);
        }
      }
      default -> out.append(slot.absent());
    }
  }

  private static void writeAbsent(
      ByteWriter out, Metadata metadata, TypeDescriptor.Field field, int depth)
      throws JoinException {
    if (field.isArray() || field.isPooled()) {
      out.number(0);
      return;
    }
    TypeDescriptor type = metadata.type(field.typeId());
    switch (Encoding.of(type)) {
      case BYTE, NUMBER, STRING -> out.put(0);
      case FLOAT -> out.fixedInt(0);
      case DOUBLE -> out.fixedLong(0);
      case STRUCT -> {
        if (depth == MOST_DEPTH) {
          throw new JoinException("the type %s holds itself".formatted(type.name()));
        }
        for (TypeDescriptor.Field inner : type.fields()) {
          writeAbsent(out, metadata, inner, depth + 1);
        }
      }
    }
  }
}
