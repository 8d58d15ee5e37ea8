package io.pfagent.hook;

import io.pfagent.boot.PfagentHooks;
import net.bytebuddy.asm.Advice;

/** A method of the application that {@code touch=} names: its faults are measured as a span. */
final class MethodHook {

  private MethodHook() {}

  @Advice.OnMethodEnter
  static Object enter(@Advice.Origin("#t.#m") String method) {
    return PfagentHooks.enterMethod(method);
  }

  @Advice.OnMethodExit(onThrowable = Throwable.class)
  static void exit(@Advice.Enter Object span) {
    if (span != null) {
      PfagentHooks.exit(span, 0);
    }
  }
}
