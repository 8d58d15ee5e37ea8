package io.pfagent.event;

import java.util.List;
import java.util.stream.Collectors;
import jdk.jfr.AnnotationElement;
import jdk.jfr.Event;
import jdk.jfr.EventType;
import jdk.jfr.Period;
import jdk.jfr.StackTrace;
import jdk.jfr.ValueDescriptor;

/** Renders the event classes: a golden list for programs, a page for people. */
final class EventDocs {

  private static final List<String> COMMON =
      List.of("startTime", "duration", "eventThread", "stackTrace");

  private EventDocs() {}

  static List<EventType> types() {
    return EventTypes.ALL.stream().map(EventType::getEventType).toList();
  }

  static List<ValueDescriptor> ownFields(EventType type) {
    return type.getFields().stream().filter(field -> !COMMON.contains(field.getName())).toList();
  }

  /** {@code event field type unit}, separated by tabs. */
  static String goldenList() {
    StringBuilder text = new StringBuilder("# event\tfield\ttype\tunit\n");
    for (EventType type : types()) {
      for (ValueDescriptor field : ownFields(type)) {
        text.append(
            String.join("\t", type.getName(), field.getName(), typeName(field), unit(field)));
        text.append('\n');
      }
    }
    return text.toString();
  }

  static String markdown() {
    StringBuilder text = new StringBuilder("# Events\n\n");
    text.append(
        """
        Category "Page Faults". This page is made from the event classes; a test compares it with them.
        Every event has a start time, a duration and a thread; a count or size of -1 is unknown.
        """);
    for (Class<? extends Event> event : EventTypes.ALL) {
      EventType type = EventType.getEventType(event);
      text.append("\n## ").append(type.getName()).append("\n\n");
      text.append(type.getDescription()).append(".\n\n");
      text.append(occasion(event)).append("\n\n");
      text.append("| field | type | unit | meaning |\n|---|---|---|---|\n");
      for (ValueDescriptor field : ownFields(type)) {
        text.append(
            "| %s | %s | %s | %s |\n"
                .formatted(field.getName(), typeName(field), unit(field), field.getDescription()));
      }
    }
    return text.toString();
  }

  static String unit(ValueDescriptor field) {
    String units =
        field.getAnnotationElements().stream()
            .map(EventDocs::unit)
            .filter(unit -> !unit.isEmpty())
            .collect(Collectors.joining());
    return units.isEmpty() ? "-" : units;
  }

  private static String unit(AnnotationElement annotation) {
    return switch (annotation.getTypeName()) {
      case "jdk.jfr.DataAmount" -> "bytes";
      case "jdk.jfr.Timespan" -> "nanoseconds";
      case "jdk.jfr.MemoryAddress" -> "address";
      default -> "";
    };
  }

  /** By the class: JFR turns these two annotations into settings, and forgets them. */
  private static String occasion(Class<? extends Event> event) {
    Period period = event.getAnnotation(Period.class);
    StackTrace stack = event.getAnnotation(StackTrace.class);
    String when =
        period == null
            ? "When it happens"
            : period.value().equals("everyChunk")
                ? "At the beginning and end of each chunk"
                : "Periodically, by default every " + period.value() + ", and with each chunk";
    return when + (stack == null || stack.value() ? "; with its stack." : "; without a stack.");
  }

  private static String typeName(ValueDescriptor field) {
    String name = field.getTypeName();
    return name.substring(name.lastIndexOf('.') + 1);
  }
}
