package io.pfagent.report;

import java.util.Locale;

/**
 * One thing that doctor looked at.
 *
 * @param finding what is so
 * @param advice what to do about it; null if nothing needs doing
 */
record Check(String name, State state, String finding, String advice) {

  /** How well it serves the agent. */
  enum State {
    OK,
    LIMITED,
    DENIED
  }

  static Check ok(String name, String finding) {
    return new Check(name, State.OK, finding, null);
  }

  static Check limited(String name, String finding, String advice) {
    return new Check(name, State.LIMITED, finding, advice);
  }

  static Check denied(String name, String finding, String advice) {
    return new Check(name, State.DENIED, finding, advice);
  }

  String word() {
    return state.name().toLowerCase(Locale.ROOT);
  }
}
