package io.pfagent.hook;

import static net.bytebuddy.matcher.ElementMatchers.named;
import static net.bytebuddy.matcher.ElementMatchers.takesArguments;

import io.pfagent.boot.PfagentHooks;
import java.util.List;
import net.bytebuddy.asm.Advice;

/**
 * {@code ByteBuffer.allocateDirect}: allocation and zeroing together. The method rather than the
 * constructor of {@code DirectByteBuffer} behind it, for an exception that leaves a constructor
 * can't be seen by advice, and memory does run out.
 */
final class ByteBufferHooks {

  private ByteBufferHooks() {}

  static List<Hook> hooks() {
    return List.of(
        new Hook(
            "ByteBuffer.allocateDirect",
            "java.nio.ByteBuffer",
            named("allocateDirect").and(takesArguments(int.class)),
            AllocateDirect.class,
            "direct buffers stand as unsafe memory, and their zeroing as a touch"));
  }

  static final class AllocateDirect {
    private AllocateDirect() {}

    @Advice.OnMethodEnter
    static Object enter(@Advice.Argument(0) int capacity) {
      return PfagentHooks.enterSized(PfagentHooks.DIRECT_BUFFER, 0, capacity);
    }

    @Advice.OnMethodExit(onThrowable = Throwable.class)
    static void exit(@Advice.Enter Object span) {
      if (span != null) {
        PfagentHooks.exit(span, 0);
      }
    }
  }
}
