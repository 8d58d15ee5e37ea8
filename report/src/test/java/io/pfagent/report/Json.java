package io.pfagent.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads JSON into maps, lists, texts, longs, doubles, booleans and null. */
final class Json {

  private final Object value;

  private Json(Object value) {
    this.value = value;
  }

  static Json parse(String text) throws IOException {
    try (JsonParser parser = new JsonFactory().createParser(text)) {
      parser.nextToken();
      return new Json(read(parser));
    }
  }

  /** Follows names and indexes down. */
  Object at(Object... path) {
    Object current = value;
    for (Object step : path) {
      if (current instanceof Map<?, ?> map) {
        if (!map.containsKey(step)) {
          throw new AssertionError("no '" + step + "' in " + map.keySet());
        }
        current = map.get(step);
      } else {
        current = ((List<?>) current).get((Integer) step);
      }
    }
    return current;
  }

  /** The part at {@code path}. */
  Json down(Object... path) {
    return new Json(at(path));
  }

  /** How many elements the array at {@code path} has. */
  int sizeOf(Object... path) {
    return ((List<?>) at(path)).size();
  }

  private static Object read(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> readObject(parser);
      case START_ARRAY -> readArray(parser);
      case VALUE_NUMBER_INT -> parser.getLongValue();
      case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
      case VALUE_TRUE, VALUE_FALSE -> parser.getBooleanValue();
      case VALUE_NULL -> null;
      default -> parser.getText();
    };
  }

  private static Map<String, Object> readObject(JsonParser parser) throws IOException {
    Map<String, Object> map = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      map.put(name, read(parser));
    }
    return map;
  }

  private static List<Object> readArray(JsonParser parser) throws IOException {
    List<Object> list = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      list.add(read(parser));
    }
    return list;
  }
}
