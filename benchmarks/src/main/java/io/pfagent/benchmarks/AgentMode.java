package io.pfagent.benchmarks;

import java.nio.file.Path;
import java.util.List;

/** In which company a benchmark's JVM runs. */
enum AgentMode {
  /** The JVM alone: what the others are compared with. */
  NO_AGENT("no agent"),

  /** The hooks are woven in and at work, and no recording wants their events. */
  NO_RECORDING("agent, no recording"),

  /** A recording with pfagent's region events and nothing else, without stacks. */
  EVENTS("agent, events"),

  /** The same with stacks. */
  STACKS("agent, events with stacks");

  /** Tells a benchmark's JVM its mode: the name of a constant. */
  private static final String PROPERTY = "pfagent.benchmarks.mode";

  private final String label;

  AgentMode(String label) {
    this.label = label;
  }

  /** The mode of this JVM, as its command line says. */
  static AgentMode ofThisJvm() {
    return valueOf(System.getProperty(PROPERTY, NO_AGENT.name()));
  }

  /** The name in the table. */
  String label() {
    return label;
  }

  boolean records() {
    return this == EVENTS || this == STACKS;
  }

  /** What is added to the command line of a benchmark's JVM. */
  List<String> jvmArguments(Path agentJar) {
    String mode = "-D" + PROPERTY + "=" + name();
    return this == NO_AGENT ? List.of(mode) : List.of(mode, "-javaagent:" + agentJar);
  }

  /** Benchmarks that this mode can make no difference to, as a regular expression. */
  String excluded() {
    return switch (this) {
      case NO_AGENT -> "^$";
      case NO_RECORDING, EVENTS -> "\\.(Getrusage|RegionLookup)\\.";
      // Memory that is resident doesn't fault, so its events are never committed.
      case STACKS -> "\\.(CopyAndSet|Getrusage|RegionLookup)\\.";
    };
  }
}
