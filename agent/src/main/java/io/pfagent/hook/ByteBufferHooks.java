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
            "direct buffers stand as unsafe memory, and their zeroing as a touch"),
        new Hook(
            "ByteBuffer.allocateDirect (zeroing)",
            "java.nio.Bits",
            named("setMemory").and(takesArguments(long.class, long.class, byte.class)),
            Zero.class,
            "zeroing is looked for in Unsafe.setMemory, where older JDKs do it"));
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

  /** Newer JDKs zero in pieces, so that threads can be stopped between them. */
  static final class Zero {
    private Zero() {}

    @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
    static boolean enter(
        @Advice.Argument(0) long address,
        @Advice.Argument(1) long bytes,
        @Advice.Argument(2) byte value) {
      return value == 0 && PfagentHooks.isZero(address, bytes);
    }
  }
}
