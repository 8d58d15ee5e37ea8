package io.pfagent.hook;

import static net.bytebuddy.matcher.ElementMatchers.named;
import static net.bytebuddy.matcher.ElementMatchers.takesArguments;

import io.pfagent.boot.PfagentHooks;
import java.io.FileDescriptor;
import java.util.List;
import net.bytebuddy.asm.Advice;

/** {@code load} and {@code force} of mapped buffers and mapped segments. */
final class MappedMemoryHooks {

  private static final String TYPE = "java.nio.MappedMemoryUtils";

  private MappedMemoryHooks() {}

  static List<Hook> hooks() {
    return List.of(
        new Hook(
            "MappedByteBuffer.load",
            TYPE,
            named("load").and(takesArguments(long.class, boolean.class, long.class)),
            Load.class,
            "faults by load() belong to no region"),
        new Hook(
            "MappedByteBuffer.force",
            TYPE,
            named("force")
                .and(
                    takesArguments(
                        FileDescriptor.class, long.class, boolean.class, long.class, long.class)),
            Force.class,
            "faults by force() belong to no region"));
  }

  static final class Load {
    private Load() {}

    @Advice.OnMethodEnter
    static Object enter(@Advice.Argument(0) long address, @Advice.Argument(2) long bytes) {
      return PfagentHooks.enterSized(PfagentHooks.LOAD, address, bytes);
    }

    @Advice.OnMethodExit(onThrowable = Throwable.class)
    static void exit(@Advice.Enter Object span) {
      if (span != null) {
        PfagentHooks.exit(span, 0);
      }
    }
  }

  static final class Force {
    private Force() {}

    @Advice.OnMethodEnter
    static Object enter(
        @Advice.Argument(1) long address,
        @Advice.Argument(3) long index,
        @Advice.Argument(4) long bytes) {
      return PfagentHooks.enterSized(PfagentHooks.FORCE, address + index, bytes);
    }

    @Advice.OnMethodExit(onThrowable = Throwable.class)
    static void exit(@Advice.Enter Object span) {
      if (span != null) {
        PfagentHooks.exit(span, 0);
      }
    }
  }
}
