package io.pfagent.account;

/** What a hooked method does to memory. */
public enum Operation {
  ALLOCATE(RegionKind.UNSAFE, "none"),
  REALLOCATE(RegionKind.UNSAFE, "none"),
  DIRECT_BUFFER(RegionKind.DIRECT_BUFFER, "jdk"),
  ARENA(RegionKind.ARENA, "jdk"),
  MAP(RegionKind.MAPPED_FILE, "none"),
  SET("set", "jdk.internal.misc.Unsafe.setMemory"),
  COPY("copy", "jdk.internal.misc.Unsafe.copyMemory"),
  LOAD("load", "java.nio.MappedByteBuffer.load"),
  FORCE("force", "java.nio.MappedByteBuffer.force"),
  METHOD("method", null);

  private final RegionKind kind;
  private final String zeroing;
  private final String label;
  private final String method;

  Operation(RegionKind kind, String zeroing) {
    this.kind = kind;
    this.zeroing = zeroing;
    this.label = null;
    this.method = null;
  }

  Operation(String label, String method) {
    this.kind = null;
    this.zeroing = null;
    this.label = label;
    this.method = method;
  }

  /** Whether it makes a region rather than touching one. */
  public boolean allocates() {
    return kind != null;
  }

  /** What an allocation makes; null for a touch. */
  public RegionKind kind() {
    return kind;
  }

  /** Who zeroes what an allocation makes: {@code jdk}, or {@code none}; null for a touch. */
  public String zeroing() {
    return zeroing;
  }

  /** The name of a touch in {@code pfagent.RegionTouch}; null for an allocation. */
  public String label() {
    return label;
  }

  /**
   * The method of the JDK that touches; null for an allocation and where {@code touch=} names it.
   */
  public String method() {
    return method;
  }
}
