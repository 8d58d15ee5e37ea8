package io.pfagent.kernel;

import java.util.Objects;

/**
 * What this machine allows or denies, in words for a person: the data of the event {@code
 * pfagent.Capability}.
 *
 * @param name what is asked for, in lower case with hyphens, for example {@code
 *     perf-fault-counters}
 * @param available whether it works here
 * @param reason why it does not work and what would change that; empty if available
 * @param fallback what is used instead, or what is missing without it; empty if available
 */
public record Capability(String name, boolean available, String reason, String fallback) {

  /** Refuses nulls: an absent reason or fallback is the empty string. */
  public Capability {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(reason, "reason");
    Objects.requireNonNull(fallback, "fallback");
  }

  static Capability available(String name) {
    return new Capability(name, true, "", "");
  }

  static Capability unavailable(String name, String reason, String fallback) {
    return new Capability(name, false, reason, fallback);
  }
}
