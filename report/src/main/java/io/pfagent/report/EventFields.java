package io.pfagent.report;

import java.time.Duration;
import java.time.Instant;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedThread;

/**
 * The fields of one event, read so that a recording of an older or newer agent still can be: a
 * field that is missing, or has another type than expected, is unknown.
 */
final class EventFields {

  /** What an unknown number reads. */
  static final long UNKNOWN = -1;

  private final RecordedEvent event;

  EventFields(RecordedEvent event) {
    this.event = event;
  }

  String eventName() {
    return event.getEventType().getName();
  }

  /** A count or an amount; {@link #UNKNOWN} also for every negative one. */
  long number(String field) {
    return value(field) instanceof Number number ? Math.max(UNKNOWN, number.longValue()) : UNKNOWN;
  }

  /** A time span in nanoseconds, or {@link #UNKNOWN}. */
  long nanos(String field) {
    if (!(value(field) instanceof Number)) {
      return UNKNOWN;
    }
    try {
      Duration span = event.getDuration(field);
      return span.isNegative() ? UNKNOWN : span.toNanos();
    } catch (IllegalArgumentException | ArithmeticException e) {
      return UNKNOWN;
    }
  }

  /** Minor and major faults together, or {@link #UNKNOWN} if the event could not count them. */
  long faults() {
    long minor = number("minorFaults");
    return minor == UNKNOWN ? UNKNOWN : minor + Math.max(0, number("majorFaults"));
  }

  /** A text, or null. */
  String text(String field) {
    return value(field) instanceof String text ? text : null;
  }

  /** A text, or {@code otherwise}. */
  String text(String field, String otherwise) {
    String text = text(field);
    return text == null ? otherwise : text;
  }

  boolean isTrue(String field) {
    return Boolean.TRUE.equals(value(field));
  }

  /** A thread, or null. */
  RecordedThread thread(String field) {
    return value(field) instanceof RecordedThread thread ? thread : null;
  }

  /** A number that tells the event's thread from all others; 0 if it is not known. */
  long threadId() {
    RecordedThread thread = event.getThread();
    return thread == null ? 0 : thread.getId();
  }

  /** A point in time in nanoseconds since 1970, or {@link #UNKNOWN}. */
  long epochNanos(String field) {
    try {
      return event.hasField(field) ? epochNanos(event.getInstant(field)) : UNKNOWN;
    } catch (IllegalArgumentException e) {
      return UNKNOWN;
    }
  }

  /** The first frame outside the JDK and the agent. */
  String site() {
    return Site.of(event.getStackTrace());
  }

  /** The innermost frame and the first one of the application. */
  Stack stack() {
    return Stack.of(event.getStackTrace());
  }

  /** In nanoseconds since 1970. */
  long startNanos() {
    return epochNanos(event.getStartTime());
  }

  /** In nanoseconds since 1970. */
  long endNanos() {
    return epochNanos(event.getEndTime());
  }

  private Object value(String field) {
    return event.hasField(field) ? event.getValue(field) : null;
  }

  private static long epochNanos(Instant instant) {
    return instant.getEpochSecond() * 1_000_000_000L + instant.getNano();
  }
}
