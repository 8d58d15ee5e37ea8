package io.pfagent.agent;

import java.lang.instrument.Instrumentation;
import java.util.Map;
import java.util.Set;

/**
 * Opens JFR's internals to the agent's own module, for the one thing that its API doesn't tell: the
 * clock that stamps events.
 */
final class JfrAccess {

  private JfrAccess() {}

  static void grant(Instrumentation instrumentation) {
    ModuleLayer.boot()
        .findModule("jdk.jfr")
        .ifPresent(
            jfr ->
                instrumentation.redefineModule(
                    jfr,
                    Set.of(),
                    Map.of(),
                    Map.of("jdk.jfr.internal", Set.of(JfrAccess.class.getModule())),
                    Set.of(),
                    Map.of()));
  }
}
