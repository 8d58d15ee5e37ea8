package io.pfagent.benchmarks;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;

/**
 * {@code sun.misc.Unsafe} through constant method handles, which the compiler inlines like plain
 * calls. Not named in the source because javac's warning about the class can't be suppressed.
 */
final class OffHeap {

  private static final MethodHandle ALLOCATE = method("allocateMemory", long.class, long.class);
  private static final MethodHandle FREE = method("freeMemory", void.class, long.class);
  private static final MethodHandle SET =
      method("setMemory", void.class, long.class, long.class, byte.class);
  private static final MethodHandle COPY =
      method("copyMemory", void.class, long.class, long.class, long.class);
  private static final MethodHandle PUT_BYTE =
      method("putByte", void.class, long.class, byte.class);
  private static final MethodHandle CLEAN = method("invokeCleaner", void.class, ByteBuffer.class);

  private OffHeap() {}

  /** Allocates a block of so many bytes, untouched, and returns its address. */
  static long allocate(long bytes) throws Throwable {
    return (long) ALLOCATE.invokeExact(bytes);
  }

  /** Frees a block. */
  static void free(long address) throws Throwable {
    FREE.invokeExact(address);
  }

  /** Fills memory with a value. */
  static void set(long address, long bytes, byte value) throws Throwable {
    SET.invokeExact(address, bytes, value);
  }

  /** Copies memory; the two ranges don't overlap. */
  static void copy(long source, long destination, long bytes) throws Throwable {
    COPY.invokeExact(source, destination, bytes);
  }

  /** Writes a byte. */
  static void putByte(long address, byte value) throws Throwable {
    PUT_BYTE.invokeExact(address, value);
  }

  /** Frees a direct buffer at once; it must not be used any more. */
  static void free(ByteBuffer buffer) throws Throwable {
    CLEAN.invokeExact(buffer);
  }

  private static MethodHandle method(String name, Class<?> result, Class<?>... parameters) {
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
}
