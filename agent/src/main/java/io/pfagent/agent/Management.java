package io.pfagent.agent;

import io.pfagent.jmx.Beans;
import io.pfagent.kernel.Capability;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** The agent's MXBeans, where there is a server for them. */
final class Management {

  /** A JVM may run without the module; the agent does its work there too. */
  static final boolean IS_PRESENT = ModuleLayer.boot().findModule("java.management").isPresent();

  private final Console console;
  private CompletableFuture<Beans> beans = CompletableFuture.completedFuture(null);

  Management(Console console) {
    this.console = console;
  }

  /** What is missing here. */
  static List<Capability> capabilities() {
    return IS_PRESENT
        ? List.of()
        : List.of(
            new Capability(
                "jmx",
                false,
                "this JVM runs without the module java.management; add --add-modules"
                    + " java.management",
                "no MXBeans"));
  }

  /**
   * Registers the beans, but not in the application's way: the platform's server takes a while to
   * start.
   */
  void start(Supplier<Beans> registration) {
    if (IS_PRESENT) {
      beans = Background.start("pfagent-jmx", () -> register(registration));
    }
  }

  /** Takes the beans away again. */
  void stop() {
    Beans registered = beans.join();
    if (registered != null) {
      registered.unregister();
    }
  }

  private Beans register(Supplier<Beans> registration) {
    try {
      return registration.get();
    } catch (RuntimeException | LinkageError failure) {
      console.say("no MXBeans, the agent works without: " + failure);
      return null;
    }
  }
}
