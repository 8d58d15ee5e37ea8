package io.pfagent.demo;

import java.lang.invoke.MethodHandle;

/**
 * Raw memory from {@code sun.misc.Unsafe}, as off-heap stores use it: addresses instead of buffers,
 * not zeroed, never freed by the collector.
 */
final class UnsafeMemory {

  private static final MethodHandle ALLOCATE =
      SunUnsafe.method("allocateMemory", long.class, long.class);
  private static final MethodHandle REALLOCATE =
      SunUnsafe.method("reallocateMemory", long.class, long.class, long.class);
  private static final MethodHandle FREE = SunUnsafe.method("freeMemory", void.class, long.class);
  private static final MethodHandle PUT =
      SunUnsafe.method("putLong", void.class, long.class, long.class);
  private static final MethodHandle GET = SunUnsafe.method("getLong", long.class, long.class);

  private UnsafeMemory() {}

  /** Allocates a block of so many bytes with unknown contents and returns its address. */
  static long allocate(long bytes) {
    try {
      return (long) ALLOCATE.invokeExact(bytes);
    } catch (Throwable e) {
      throw SunUnsafe.unchecked("allocateMemory", e);
    }
  }

  /** Gives a block another size, keeping its contents, and returns its address from now on. */
  static long reallocate(long address, long bytes) {
    try {
      return (long) REALLOCATE.invokeExact(address, bytes);
    } catch (Throwable e) {
      throw SunUnsafe.unchecked("reallocateMemory", e);
    }
  }

  /** Frees a block. */
  static void free(long address) {
    try {
      FREE.invokeExact(address);
    } catch (Throwable e) {
      throw SunUnsafe.unchecked("freeMemory", e);
    }
  }

  /** Stores eight bytes at an address. */
  static void put(long address, long value) {
    try {
      PUT.invokeExact(address, value);
    } catch (Throwable e) {
      throw SunUnsafe.unchecked("putLong", e);
    }
  }

  /** Loads eight bytes from an address. */
  static long get(long address) {
    try {
      return (long) GET.invokeExact(address);
    } catch (Throwable e) {
      throw SunUnsafe.unchecked("getLong", e);
    }
  }
}
