package io.pfagent.demo;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;

/**
 * Finds methods of {@code sun.misc.Unsafe} (module {@code jdk.unsupported}) by name: javac warns
 * about every mention of the class, and that warning cannot be suppressed.
 */
final class SunUnsafe {

  private SunUnsafe() {}

  /** The named method, bound to the one instance of the class. */
  static MethodHandle method(String name, Class<?> result, Class<?>... parameters) {
    try {
      Class<?> type = Class.forName("sun.misc.Unsafe");
      Field instance = type.getDeclaredField("theUnsafe");
      instance.setAccessible(true);
      return MethodHandles.lookup()
          .bind(instance.get(null), name, MethodType.methodType(result, parameters));
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("no sun.misc.Unsafe." + name + " in this JDK", e);
    }
  }

  /** What a call through a handle threw, as something that need not be declared. */
  static RuntimeException unchecked(String name, Throwable thrown) {
    if (thrown instanceof Error error) {
      throw error;
    }
    return thrown instanceof RuntimeException exception
        ? exception
        : new IllegalStateException("sun.misc.Unsafe." + name + " failed", thrown);
  }
}
