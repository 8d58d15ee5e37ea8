package io.pfagent.account;

/**
 * What a piece of memory is, with the name that stands in the events' field {@code kind}. The first
 * four are tracked region by region.
 */
public enum RegionKind {
  /** {@code ByteBuffer.allocateDirect}. */
  DIRECT_BUFFER("direct-buffer"),
  /** {@code Unsafe.allocateMemory} and {@code reallocateMemory}, called by anyone else. */
  UNSAFE("unsafe"),
  /** {@code FileChannel.map}. */
  MAPPED_FILE("mapped-file"),
  /** A native segment of an arena (JEP 454). */
  ARENA("arena"),
  /** What the garbage collector manages. */
  JAVA_HEAP("java-heap"),
  /** Classes and their constants, a class data archive included. */
  METASPACE("metaspace"),
  /** Machine code that the JVM has made. */
  CODE_CACHE("code-cache"),
  /** Stacks, of native threads too. */
  THREAD_STACK("thread-stack"),
  /** What the garbage collector keeps beside the heap: card tables, mark bitmaps. */
  GC("gc"),
  /** Code and data of libraries, the JVM's own included. */
  NATIVE_LIBRARY("native-library"),
  /** The C library's heap, without the regions in it that are tracked. */
  MALLOC("malloc"),
  /** Memory that nobody has named. */
  OTHER("other");

  private final String label;

  RegionKind(String label) {
    this.label = label;
  }

  /** The name in events, reports and MXBeans. */
  public String label() {
    return label;
  }
}
