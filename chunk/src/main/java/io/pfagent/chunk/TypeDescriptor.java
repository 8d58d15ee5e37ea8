package io.pfagent.chunk;

import java.util.List;

/**
 * A type of a recording.
 *
 * @param id its number, which events and pools begin with
 * @param name such as {@code java.lang.Thread}
 * @param fields in the order in which their values are written
 */
record TypeDescriptor(long id, String name, List<Field> fields) {

  /**
   * A field of a type.
   *
   * @param name such as {@code javaThreadId}
   * @param typeId number of its type
   * @param isPooled whether its value is a key of the constant pool of its type
   * @param isArray whether it has many values, their count before them
   */
  record Field(String name, long typeId, boolean isPooled, boolean isArray) {}
}
