package io.pfagent.app;

import java.lang.reflect.Field;
import sun.misc.Unsafe;

/**
 * Touches each page of a block once, from a method that is three calls deep, once it is compiled.
 */
final class TouchDeep {

  private static final int PAGE = 4096;
  private static final int CHUNK_PAGES = 64;
  private static final int WARM_CALLS = 60_000;
  private static final Unsafe UNSAFE = unsafe();

  private TouchDeep() {}

  /** Argument: pages to touch. Prints the block's address. */
  public static void main(String[] args) {
    int pages = Integer.parseInt(args[0]);
    long warm = UNSAFE.allocateMemory((long) CHUNK_PAGES * PAGE);
    for (int i = 0; i < WARM_CALLS; i++) {
      outer(warm);
    }
    long block = UNSAFE.allocateMemory((long) pages * PAGE);
    for (int page = 0; page < pages; page += CHUNK_PAGES) {
      outer(block + (long) page * PAGE);
    }
    System.out.println(block);
  }

  static void outer(long chunk) {
    middle(chunk);
  }

  static void middle(long chunk) {
    for (int page = 0; page < CHUNK_PAGES; page++) {
      touch(chunk + page * PAGE);
    }
  }

  static void touch(long address) {
    UNSAFE.putByte(address, (byte) 1);
  }

  private static Unsafe unsafe() {
    try {
      Field field = Unsafe.class.getDeclaredField("theUnsafe");
      field.setAccessible(true);
      return (Unsafe) field.get(null);
    } catch (ReflectiveOperationException impossible) {
      throw new ExceptionInInitializerError(impossible);
    }
  }
}
