package io.pfagent.chunk;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The event of a chunk that describes all its types ({@code MetadataDescriptor} in jdk.jfr).
 *
 * <pre>
 *   size 0 start duration id   count { string }   root element
 *
 *   element   name count { key value } count { element }      names, keys and values are
 *                                                             numbers of the strings
 *   root > metadata > class (id, name) > field (name, class, constantPool, dimension)
 * </pre>
 */
final class Metadata {

  private static final int MOST_DEPTH = 16;

  private final byte[] event;
  private final Map<Long, TypeDescriptor> byId = new HashMap<>();
  private final Map<String, TypeDescriptor> byName = new HashMap<>();
  private final List<String> strings = new ArrayList<>();

  private Metadata(byte[] event) {
    this.event = event;
  }

  /**
   * Reads the event.
   *
   * @throws IOException if it is none that describes types
   */
  static Metadata read(byte[] event) throws IOException {
    Metadata metadata = new Metadata(event);
    ByteReader in = new ByteReader(event, event.length);
    in.number();
    if (in.number() != 0) {
      throw new IOException("the event is not the one that describes types");
    }
    in.number();
    in.number();
    in.number();
    int count = in.count();
    for (int i = 0; i < count; i++) {
      metadata.strings.add(EncodedString.read(in));
    }
    metadata.readElement(in, null, 0);
    return metadata;
  }

  /** The event as it stands in the recording. */
  byte[] event() {
    return event;
  }

  /** The type of this name, or null if there is none. */
  TypeDescriptor find(String name) {
    return byName.get(name);
  }

  /**
   * The type of this name.
   *
   * @throws JoinException if the recording has none, which no JVM's has
   */
  TypeDescriptor type(String name) throws JoinException {
    TypeDescriptor type = byName.get(name);
    if (type == null) {
      throw new JoinException("the recording does not describe the type " + name);
    }
    return type;
  }

  /**
   * The type with this number.
   *
   * @throws JoinException if the recording has none
   */
  TypeDescriptor type(long id) throws JoinException {
    TypeDescriptor type = byId.get(id);
    if (type == null) {
      throw new JoinException("the recording does not describe the type with number " + id);
    }
    return type;
  }

  private void readElement(ByteReader in, TypeDescriptor parent, int depth) throws IOException {
    if (depth == MOST_DEPTH) {
      throw new IOException("types are nested too deep");
    }
    String element = string(in);
    Map<String, String> attributes = new HashMap<>();
    int count = in.count();
    for (int i = 0; i < count; i++) {
      String key = string(in);
      attributes.put(key, string(in));
    }
    TypeDescriptor type = null;
    if (element.equals("class")) {
      type =
          new TypeDescriptor(number(attributes, "id"), attributes.get("name"), new ArrayList<>());
      byId.put(type.id(), type);
      byName.put(type.name(), type);
    } else if (element.equals("field") && parent != null) {
      parent
          .fields()
          .add(
              new TypeDescriptor.Field(
                  attributes.get("name"),
                  number(attributes, "class"),
                  "true".equals(attributes.get("constantPool")),
                  attributes.containsKey("dimension")));
    }
    int children = in.count();
    for (int i = 0; i < children; i++) {
      readElement(in, type, depth + 1);
    }
  }

  private String string(ByteReader in) throws IOException {
    return strings.get((int) in.number());
  }

  private static long number(Map<String, String> attributes, String key) throws IOException {
    try {
      return Long.parseLong(attributes.get(key));
    } catch (NumberFormatException e) {
      throw new IOException("%s is no number: %s".formatted(key, attributes.get(key)), e);
    }
  }
}
