package io.pfagent.account;

/** What a piece of memory is, with the name that stands in the events' field {@code kind}. */
public enum RegionKind {
  /** {@code ByteBuffer.allocateDirect}. */
  DIRECT_BUFFER("direct-buffer"),
  /** {@code Unsafe.allocateMemory} and {@code reallocateMemory}, called by anyone else. */
  UNSAFE("unsafe"),
  /** {@code FileChannel.map}. */
  MAPPED_FILE("mapped-file"),
  /** A native segment of an arena (JEP 454). */
  ARENA("arena");

  private final String label;

  RegionKind(String label) {
    this.label = label;
  }

  /** The name in events, reports and MXBeans. */
  public String label() {
    return label;
  }
}
