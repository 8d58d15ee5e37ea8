package io.pfagent.hook;

import static net.bytebuddy.matcher.ElementMatchers.named;
import static net.bytebuddy.matcher.ElementMatchers.returns;
import static net.bytebuddy.matcher.ElementMatchers.takesArgument;
import static net.bytebuddy.matcher.ElementMatchers.takesArguments;

import io.pfagent.boot.PfagentHooks;
import java.util.List;
import net.bytebuddy.asm.Advice;

/**
 * Native segments of arenas (JEP 454, JDK 22): allocation and zeroing, which is a loop of Java
 * code. They are freed through {@code Unsafe.freeMemory}.
 */
final class SegmentHooks {

  private static final String TYPE = "jdk.internal.foreign.SegmentFactories";

  private SegmentHooks() {}

  static List<Hook> hooks() {
    return List.of(
        new Hook(
            "Arena.allocate",
            TYPE,
            named("allocateNativeInternal")
                .and(takesArgument(0, long.class))
                .and(returns(long.class)),
            Allocate.class,
            "segments of arenas stand as unsafe memory"),
        new Hook(
            "Arena.allocate (zeroing)",
            TYPE,
            named("initNativeMemory").and(takesArguments(long.class, long.class)),
            Zero.class,
            "the JDK zeroes segments of arenas itself, also with zeroing=kernel"));
  }

  static final class Allocate {
    private Allocate() {}

    @Advice.OnMethodEnter
    static Object enter(@Advice.Argument(0) long bytes) {
      return PfagentHooks.enterSized(PfagentHooks.ARENA, 0, bytes);
    }

    @Advice.OnMethodExit(onThrowable = Throwable.class)
    static void exit(@Advice.Enter Object span, @Advice.Return long address) {
      if (span != null) {
        PfagentHooks.exit(span, address);
      }
    }
  }

  /** Left out where the kernel has done it. */
  static final class Zero {
    private Zero() {}

    @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
    static boolean enter(@Advice.Argument(0) long address, @Advice.Argument(1) long bytes) {
      return PfagentHooks.isZero(address, bytes);
    }
  }
}
