package io.pfagent.prealloc;

import io.pfagent.kernel.SystemSettings;
import java.io.IOException;
import java.util.function.Consumer;

/** What killed processes have left changed on this machine. */
public final class Leftovers {

  private final SystemSettings settings = SystemSettings.ofThisMachine();
  private final boolean systemWrites;

  /**
   * @param systemWrites whether settings may be changed that reach beyond this process
   */
  public Leftovers(boolean systemWrites) {
    this.systemWrites = systemWrites;
  }

  /**
   * Puts it back, where this one may; else says what it is.
   *
   * @param say takes a line for each
   */
  public void restore(Consumer<String> say) {
    try {
      if (systemWrites) {
        settings.restore().forEach(one -> say.accept(one.setting() + ": " + one.message()));
      } else {
        settings
            .leftovers()
            .forEach(
                one ->
                    say.accept(
                        one
                            + " was left changed by a killed process; doctor --restore puts it back"));
      }
    } catch (IOException unreadable) {
      say.accept(
          "what killed processes may have left can't be looked up: " + unreadable.getMessage());
    }
  }
}
