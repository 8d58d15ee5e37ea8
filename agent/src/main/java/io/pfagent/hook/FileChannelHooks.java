package io.pfagent.hook;

import static net.bytebuddy.matcher.ElementMatchers.isConstructor;
import static net.bytebuddy.matcher.ElementMatchers.named;
import static net.bytebuddy.matcher.ElementMatchers.takesArgument;
import static net.bytebuddy.matcher.ElementMatchers.takesArguments;
import static net.bytebuddy.matcher.ElementMatchers.takesNoArguments;

import io.pfagent.boot.PfagentHooks;
import java.util.List;
import net.bytebuddy.asm.Advice;

/**
 * {@code FileChannel.map} in all its forms, and the unmapping, which the {@code Unmapper} of a
 * mapping does; its constructor tells where the mapping is.
 */
final class FileChannelHooks {

  private static final String UNMAPPER = "sun.nio.ch.FileChannelImpl$Unmapper";
  private static final String FALLBACK = "mapped files are not tracked";

  private FileChannelHooks() {}

  static List<Hook> hooks() {
    return List.of(
        new Hook(
            "FileChannel.map",
            "sun.nio.ch.FileChannelImpl",
            named("mapInternal").and(takesArguments(5)).and(takesArgument(2, long.class)),
            Map.class,
            FALLBACK),
        new Hook(
            "FileChannel.map (address)",
            UNMAPPER,
            isConstructor().and(takesArgument(0, long.class)).and(takesArgument(4, int.class)),
            Mapped.class,
            FALLBACK),
        new Hook(
            "FileChannel.map (unmap)",
            UNMAPPER,
            named("unmap").and(takesNoArguments()),
            Unmap.class,
            "mapped files are forgotten only when their addresses are used again"));
  }

  static final class Map {
    private Map() {}

    @Advice.OnMethodEnter
    static Object enter(@Advice.Argument(2) long bytes, @Advice.FieldValue("path") String path) {
      return PfagentHooks.enterMap(bytes, path);
    }

    @Advice.OnMethodExit(onThrowable = Throwable.class)
    static void exit(@Advice.Enter Object span) {
      if (span != null) {
        PfagentHooks.exit(span, 0);
      }
    }
  }

  static final class Mapped {
    private Mapped() {}

    @Advice.OnMethodEnter
    static void enter(@Advice.Argument(0) long base, @Advice.Argument(4) int pagePosition) {
      PfagentHooks.mapped(base, pagePosition);
    }
  }

  static final class Unmap {
    private Unmap() {}

    @Advice.OnMethodEnter
    static void enter(@Advice.FieldValue("address") long base) {
      PfagentHooks.free(base);
    }
  }
}
