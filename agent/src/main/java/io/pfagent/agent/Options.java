package io.pfagent.agent;

import static java.util.stream.Collectors.joining;

import io.pfagent.hook.TouchMethod;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * What the agent was asked for: parsed once, typed, never changed.
 *
 * @param record where a recording is to be written at exit, or null for none
 * @param minSize bytes from which on a region is tracked
 * @param touch methods whose faults are measured
 * @param interval period of the statistics events, where a recording doesn't set its own
 * @param userFaults whether faults raised in user mode are counted apart
 * @param jmx what the MXBeans allow
 */
record Options(
    Path record,
    long minSize,
    List<TouchMethod> touch,
    Duration interval,
    boolean userFaults,
    JmxAccess jmx) {

  /** In the grammar of the options, defaults included. */
  String text() {
    return (record == null ? "" : "record=" + record + ",")
        + "min-size="
        + minSize
        + (touch.isEmpty()
            ? ""
            : ",touch=" + touch.stream().map(TouchMethod::toString).collect(joining(";")))
        + ",interval="
        + interval.toNanos()
        + "ns,user-faults="
        + userFaults
        + ",jmx="
        + jmx.name().toLowerCase(Locale.ROOT);
  }

  /** What the MXBeans allow. */
  enum JmxAccess {
    READWRITE,
    READONLY,
    OFF
  }
}
