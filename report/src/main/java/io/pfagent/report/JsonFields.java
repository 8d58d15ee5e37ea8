package io.pfagent.report;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;

/** Writes the fields of a report; what is unknown becomes null. */
final class JsonFields {

  private final JsonGenerator json;

  JsonFields(JsonGenerator json) {
    this.json = json;
  }

  void startRanking(String name, Ranking<?> ranking) throws IOException {
    json.writeObjectFieldStart(name);
    number("total", ranking.total());
    json.writeArrayFieldStart("top");
  }

  void endRanking() throws IOException {
    json.writeEndArray();
    json.writeEndObject();
  }

  /** Writes a number that is negative if unknown. */
  void number(String name, long value) throws IOException {
    if (value < 0) {
      json.writeNullField(name);
    } else {
      json.writeNumberField(name, value);
    }
  }

  /** Writes a number that is NaN if unknown; infinity is nothing that JSON knows. */
  void fraction(String name, double value) throws IOException {
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      json.writeNullField(name);
    } else {
      json.writeNumberField(name, value);
    }
  }

  /** Writes a text that is null if unknown. */
  void text(String name, String value) throws IOException {
    json.writeStringField(name, value);
  }
}
