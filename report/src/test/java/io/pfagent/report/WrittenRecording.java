package io.pfagent.report;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.openjdk.jmc.flightrecorder.writer.api.Annotation;
import org.openjdk.jmc.flightrecorder.writer.api.Recording;
import org.openjdk.jmc.flightrecorder.writer.api.Recordings;
import org.openjdk.jmc.flightrecorder.writer.api.Type;
import org.openjdk.jmc.flightrecorder.writer.api.TypeStructureBuilder;
import org.openjdk.jmc.flightrecorder.writer.api.TypedValue;
import org.openjdk.jmc.flightrecorder.writer.api.TypedValueBuilder;
import org.openjdk.jmc.flightrecorder.writer.api.Types;

/** A recording whose events have the times, threads and stacks that a test says. */
final class WrittenRecording implements AutoCloseable {

  private static final long START_NANOS = 1_800_000_000_000_000_000L;
  private static final long START_TICKS = 1_000;

  private final Recording recording;
  private final Types types;
  private final Map<String, Type> events = new HashMap<>();

  private WrittenRecording(Recording recording) {
    this.recording = recording;
    this.types = recording.getTypes();
    defineTypes();
  }

  static WrittenRecording create(Path file) throws IOException {
    return new WrittenRecording(
        Recordings.newRecording(
            file,
            settings ->
                settings
                    .withTimestamp(START_NANOS)
                    .withStartTicks(START_TICKS)
                    .withDuration(3_600_000_000_000L)));
  }

  /** A frame of Java code. */
  static Site.Frame java(String type, String method, int line) {
    return new Site.Frame(type, method, line);
  }

  /** A frame of a library. */
  static Site.Frame symbol(String library, String symbol) {
    return new Site.Frame(library, symbol, 0, true);
  }

  /**
   * Writes an event.
   *
   * @param nanos its start, since the recording's
   * @param stack innermost first
   * @param fields names and values in turn; all events of a type have the same
   */
  WrittenRecording event(
      String name,
      long nanos,
      long durationNanos,
      String thread,
      List<Site.Frame> stack,
      Object... fields) {
    Type type = events.computeIfAbsent(name, n -> defineEvent(n, fields));
    recording.writeEvent(
        type.asValue(
            event -> {
              event.putField("startTime", START_TICKS + nanos);
              event.putField("duration", durationNanos);
              event.putField("eventThread", thread(thread));
              if (!stack.isEmpty()) {
                event.putField("stackTrace", stackTrace(stack));
              }
              for (int i = 0; i < fields.length; i += 2) {
                put(event, (String) fields[i], fields[i + 1]);
              }
            }));
    return this;
  }

  @Override
  public void close() throws IOException {
    recording.close();
  }

  private void defineTypes() {
    Type symbol = add(Types.JDK.SYMBOL, b -> b.addField("string", Types.Builtin.STRING));
    Type klass =
        add(
            Types.JDK.CLASS,
            b -> b.addField("name", symbol).addField("modifiers", Types.Builtin.INT));
    Type frameType =
        add(Types.JDK.FRAME_TYPE, b -> b.addField("description", Types.Builtin.STRING));
    Type method =
        add(
            Types.JDK.METHOD,
            b ->
                b.addField("type", klass)
                    .addField("name", symbol)
                    .addField("descriptor", symbol)
                    .addField("modifiers", Types.Builtin.INT)
                    .addField("hidden", Types.Builtin.BOOLEAN));
    // In a constant pool of its own, the JDK's parser can't read it.
    Consumer<TypeStructureBuilder> frameFields =
        b ->
            b.addField("method", method)
                .addField("lineNumber", Types.Builtin.INT)
                .addField("bytecodeIndex", Types.Builtin.INT)
                .addField("type", frameType);
    Type frame = types.getOrAdd("jdk.types.StackFrame", null, false, frameFields);
    add(
        Types.JDK.STACK_TRACE,
        b ->
            b.addField("truncated", Types.Builtin.BOOLEAN)
                .addField("frames", frame, field -> field.asArray()));
    add(
        Types.JDK.THREAD,
        b ->
            b.addField("osName", Types.Builtin.STRING)
                .addField("osThreadId", Types.Builtin.LONG)
                .addField("javaName", Types.Builtin.STRING)
                .addField("javaThreadId", Types.Builtin.LONG));
    for (Types.JDK annotation :
        new Types.JDK[] {Types.JDK.ANNOTATION_TIMESTAMP, Types.JDK.ANNOTATION_TIMESPAN}) {
      types.getOrAdd(
          annotation,
          Annotation.ANNOTATION_SUPER_TYPE_NAME,
          b -> b.addField("value", Types.Builtin.STRING));
    }
  }

  private Type add(Types.JDK type, Consumer<TypeStructureBuilder> fields) {
    return types.getOrAdd(type, fields);
  }

  private Type defineEvent(String name, Object... fields) {
    return recording.registerType(
        name,
        "jdk.jfr.Event",
        type -> {
          type.addField(
              "startTime",
              Types.Builtin.LONG,
              field -> field.addAnnotation(Types.JDK.ANNOTATION_TIMESTAMP, "TICKS"));
          type.addField(
              "duration",
              Types.Builtin.LONG,
              field -> field.addAnnotation(Types.JDK.ANNOTATION_TIMESPAN, "TICKS"));
          type.addField("eventThread", Types.JDK.THREAD);
          type.addField("stackTrace", Types.JDK.STACK_TRACE);
          for (int i = 0; i < fields.length; i += 2) {
            type.addField((String) fields[i], builtin(fields[i + 1]));
          }
        });
  }

  private static Types.Builtin builtin(Object value) {
    if (value instanceof String) {
      return Types.Builtin.STRING;
    }
    return value instanceof Boolean ? Types.Builtin.BOOLEAN : Types.Builtin.LONG;
  }

  private static void put(TypedValueBuilder event, String name, Object value) {
    if (value instanceof String text) {
      event.putField(name, text);
    } else if (value instanceof Boolean flag) {
      event.putField(name, flag.booleanValue());
    } else {
      event.putField(name, ((Number) value).longValue());
    }
  }

  private TypedValue thread(String name) {
    return types
        .getType(Types.JDK.THREAD)
        .asValue(
            b ->
                b.putField("osName", name)
                    .putField("osThreadId", (long) name.hashCode())
                    .putField("javaName", name)
                    .putField("javaThreadId", (long) name.hashCode()));
  }

  private TypedValue stackTrace(List<Site.Frame> stack) {
    TypedValue[] frames = stack.stream().map(this::frame).toArray(TypedValue[]::new);
    return types
        .getType(Types.JDK.STACK_TRACE)
        .asValue(b -> b.putField("truncated", false).putField("frames", frames));
  }

  private TypedValue frame(Site.Frame frame) {
    TypedValue klass =
        types
            .getType(Types.JDK.CLASS)
            .asValue(b -> b.putField("name", symbol(frame.type())).putField("modifiers", 1));
    TypedValue method =
        types
            .getType(Types.JDK.METHOD)
            .asValue(
                b ->
                    b.putField("type", klass)
                        .putField("name", symbol(frame.method()))
                        .putField("descriptor", symbol("()V"))
                        .putField("modifiers", 1)
                        .putField("hidden", false));
    TypedValue frameType =
        types
            .getType(Types.JDK.FRAME_TYPE)
            .asValue(b -> b.putField("description", frame.isNative() ? "Native" : "JIT compiled"));
    return types
        .getType(Types.JDK.STACK_FRAME)
        .asValue(
            b ->
                b.putField("method", method)
                    .putField("lineNumber", frame.line())
                    .putField("bytecodeIndex", 0)
                    .putField("type", frameType));
  }

  private TypedValue symbol(String text) {
    return types.getType(Types.JDK.SYMBOL).asValue(b -> b.putField("string", text));
  }
}
