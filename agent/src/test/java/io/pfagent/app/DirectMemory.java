package io.pfagent.app;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.Buffer;
import java.nio.ByteBuffer;

/** What sun.misc.Unsafe does with memory outside the heap, by reflection: javac warns of it. */
public final class DirectMemory {

  private static final Object UNSAFE = unsafe();

  private DirectMemory() {}

  public static void free(ByteBuffer buffer) {
    call("invokeCleaner", new Class<?>[] {ByteBuffer.class}, buffer);
  }

  public static long address(ByteBuffer buffer) {
    try {
      long offset =
          (long)
              UNSAFE
                  .getClass()
                  .getMethod("objectFieldOffset", Field.class)
                  .invoke(UNSAFE, Buffer.class.getDeclaredField("address"));
      return (long)
          UNSAFE
              .getClass()
              .getMethod("getLong", Object.class, long.class)
              .invoke(UNSAFE, buffer, offset);
    } catch (ReflectiveOperationException failure) {
      throw new IllegalStateException(failure);
    }
  }

  static long allocate(long bytes) {
    return (long) call("allocateMemory", new Class<?>[] {long.class}, bytes);
  }

  static void free(long address) {
    call("freeMemory", new Class<?>[] {long.class}, address);
  }

  static void set(long address, long bytes, byte value) {
    call("setMemory", new Class<?>[] {long.class, long.class, byte.class}, address, bytes, value);
  }

  static void put(long address, byte value) {
    call("putByte", new Class<?>[] {long.class, byte.class}, address, value);
  }

  static byte get(long address) {
    return (byte) call("getByte", new Class<?>[] {long.class}, address);
  }

  private static Object call(String name, Class<?>[] types, Object... arguments) {
    try {
      Method method = UNSAFE.getClass().getMethod(name, types);
      return method.invoke(UNSAFE, arguments);
    } catch (ReflectiveOperationException failure) {
      throw new IllegalStateException(failure);
    }
  }

  private static Object unsafe() {
    try {
      Field field = Class.forName("sun.misc.Unsafe").getDeclaredField("theUnsafe");
      field.setAccessible(true);
      return field.get(null);
    } catch (ReflectiveOperationException impossible) {
      throw new ExceptionInInitializerError(impossible);
    }
  }
}
