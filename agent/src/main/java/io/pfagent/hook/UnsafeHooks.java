package io.pfagent.hook;

import static net.bytebuddy.matcher.ElementMatchers.named;
import static net.bytebuddy.matcher.ElementMatchers.takesArguments;

import io.pfagent.boot.PfagentHooks;
import java.util.List;
import net.bytebuddy.asm.Advice;

/**
 * {@code jdk.internal.misc.Unsafe}, the door to {@code malloc} for all of Java: {@code
 * sun.misc.Unsafe}, direct buffers and arenas go through it. The native methods behind end in
 * {@code 0} and stay as they are, so intrinsics survive.
 */
final class UnsafeHooks {

  static final String TYPE = "jdk.internal.misc.Unsafe";

  private UnsafeHooks() {}

  static List<Hook> hooks() {
    return List.of(
        new Hook(
            "Unsafe.allocateMemory",
            TYPE,
            named("allocateMemory").and(takesArguments(long.class)),
            Allocate.class,
            "no region of Unsafe, direct buffers or arenas is tracked"),
        new Hook(
            "Unsafe.reallocateMemory",
            TYPE,
            named("reallocateMemory").and(takesArguments(long.class, long.class)),
            Reallocate.class,
            "a region that is reallocated is lost sight of"),
        new Hook(
            "Unsafe.freeMemory",
            TYPE,
            named("freeMemory").and(takesArguments(long.class)),
            Free.class,
            "regions are forgotten only when their addresses are used again"),
        new Hook(
            "Unsafe.setMemory",
            TYPE,
            named("setMemory")
                .and(takesArguments(Object.class, long.class, long.class, byte.class)),
            Set.class,
            "faults by filling memory belong to no region"),
        new Hook(
            "Unsafe.copyMemory",
            TYPE,
            named("copyMemory")
                .and(
                    takesArguments(Object.class, long.class, Object.class, long.class, long.class)),
            Copy.class,
            "faults by copying memory belong to no region"));
  }

  static final class Allocate {
    private Allocate() {}

    @Advice.OnMethodEnter
    static Object enter(@Advice.Argument(0) long bytes) {
      return PfagentHooks.enterSized(PfagentHooks.ALLOCATE, 0, bytes);
    }

    @Advice.OnMethodExit(onThrowable = Throwable.class)
    static void exit(@Advice.Enter Object span, @Advice.Return long address) {
      if (span != null) {
        PfagentHooks.exit(span, address);
      }
    }
  }

  static final class Reallocate {
    private Reallocate() {}

    @Advice.OnMethodEnter
    static Object enter(@Advice.Argument(0) long address, @Advice.Argument(1) long bytes) {
      return PfagentHooks.enterReallocate(address, bytes);
    }

    @Advice.OnMethodExit(onThrowable = Throwable.class)
    static void exit(@Advice.Enter Object span, @Advice.Return long address) {
      if (span != null) {
        PfagentHooks.exit(span, address);
      }
    }
  }

  /** At entry: once the memory is given back, another thread may get it. */
  static final class Free {
    private Free() {}

    @Advice.OnMethodEnter
    static void enter(@Advice.Argument(0) long address) {
      PfagentHooks.free(address);
    }
  }

  /** Left out where it zeroes a new buffer that is zero; otherwise measured. */
  static final class Set {
    private Set() {}

    @Advice.OnMethodEnter(skipOn = Boolean.class)
    static Object enter(
        @Advice.Argument(0) Object object,
        @Advice.Argument(1) long address,
        @Advice.Argument(2) long bytes,
        @Advice.Argument(3) byte value) {
      return object != null ? null : PfagentHooks.enterSet(address, bytes, value);
    }

    @Advice.OnMethodExit(onThrowable = Throwable.class)
    static void exit(@Advice.Enter Object span) {
      if (span != null && span != PfagentHooks.SKIP) {
        PfagentHooks.exit(span, 0);
      }
    }
  }

  /** Between two off-heap regions, the faults are booked to the destination. */
  static final class Copy {
    private Copy() {}

    @Advice.OnMethodEnter
    static Object enter(
        @Advice.Argument(0) Object source,
        @Advice.Argument(1) long sourceAddress,
        @Advice.Argument(2) Object destination,
        @Advice.Argument(3) long destinationAddress,
        @Advice.Argument(4) long bytes) {
      return source != null && destination != null
          ? null
          : PfagentHooks.enterBulk(
              PfagentHooks.COPY, destination == null ? destinationAddress : sourceAddress, bytes);
    }

    @Advice.OnMethodExit(onThrowable = Throwable.class)
    static void exit(@Advice.Enter Object span) {
      if (span != null) {
        PfagentHooks.exit(span, 0);
      }
    }
  }
}
