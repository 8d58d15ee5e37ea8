package io.pfagent.chunk;

/** How a value is written. */
enum Encoding {
  BYTE,
  NUMBER,
  FLOAT,
  DOUBLE,
  STRING,
  /** The values of all fields, one after the other. */
  STRUCT;

  static Encoding of(TypeDescriptor type) {
    return switch (type.name()) {
      case "boolean", "byte" -> BYTE;
      case "char", "short", "int", "long" -> NUMBER;
      case "float" -> FLOAT;
      case "double" -> DOUBLE;
      case "java.lang.String" -> STRING;
      default -> STRUCT;
    };
  }

  /** A key of a pool is a number, whatever the type of the field. */
  static Encoding of(Metadata metadata, TypeDescriptor.Field field) throws JoinException {
    return field.isPooled() ? NUMBER : of(metadata.type(field.typeId()));
  }
}
