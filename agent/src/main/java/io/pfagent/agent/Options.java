package io.pfagent.agent;

import static java.util.stream.Collectors.joining;

import io.pfagent.hook.TouchMethod;
import io.pfagent.sample.SamplePeriod;
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
 * @param sample how often a fault is sampled
 * @param stacks where a sample's stack comes from
 * @param merge whether sampled faults are joined to recordings
 * @param samplesMax bytes that sampled faults may take on disk
 * @param perfMap whether a file for Linux perf is written
 * @param jmx what the MXBeans allow
 * @param preallocation how many pages the kernel is to hand out per fault
 */
record Options(
    Path record,
    long minSize,
    List<TouchMethod> touch,
    Duration interval,
    SamplePeriod sample,
    Stacks stacks,
    boolean merge,
    long samplesMax,
    boolean perfMap,
    JmxAccess jmx,
    PreallocOptions preallocation) {

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
        + "ns,sample="
        + sample
        + ",stacks="
        + stacks.name().toLowerCase(Locale.ROOT)
        + ",merge="
        + (merge ? "auto" : "off")
        + ",samples-max="
        + samplesMax
        + ",perf-map="
        + perfMap
        + ",jmx="
        + jmx.name().toLowerCase(Locale.ROOT)
        + ","
        + preallocation.text();
  }

  /** Where a sample's stack comes from. */
  enum Stacks {
    AUTO,
    COPY,
    FP,
    LEAF
  }

  /** What the MXBeans allow. */
  enum JmxAccess {
    READWRITE,
    READONLY,
    OFF
  }
}
