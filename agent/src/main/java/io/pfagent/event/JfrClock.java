package io.pfagent.event;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.function.LongSupplier;

/**
 * The clock that stamps JFR's events, in the ticks of a chunk's header: {@code
 * jdk.jfr.internal.JVM.counterTime()}, which is static in all JDKs from 17 on. Its package must be
 * opened to this module; else the clock reads 0.
 */
public final class JfrClock implements LongSupplier {

  private final MethodHandle counterTime = find();

  @Override
  public long getAsLong() {
    if (counterTime == null) {
      return 0;
    }
    try {
      return (long) counterTime.invokeExact();
    } catch (Throwable failure) {
      return 0;
    }
  }

  private static MethodHandle find() {
    try {
      Class<?> jvm = Class.forName("jdk.jfr.internal.JVM");
      return MethodHandles.privateLookupIn(jvm, MethodHandles.lookup())
          .findStatic(jvm, "counterTime", MethodType.methodType(long.class));
    } catch (ReflectiveOperationException | RuntimeException notOpen) {
      return null;
    }
  }
}
