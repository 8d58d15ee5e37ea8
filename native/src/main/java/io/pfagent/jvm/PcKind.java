package io.pfagent.jvm;

/** What a pc in compiled code is; {@code enum pc_kind} in C. */
public enum PcKind {
  /** A thread was there. What was inlined there is known approximately. */
  CURRENT(0),
  /** A call returns there. What was inlined there is known exactly. */
  RETURN(1),
  /**
   * A leaf call returns there: one that can't stop the thread, to a stub or a function of the JVM.
   * HotSpot keeps no record of it; the compiled method is known, what was inlined is not.
   */
  LEAF_RETURN(2);

  private static final PcKind[] BY_CODE = {CURRENT, RETURN, LEAF_RETURN};

  private final int code;

  PcKind(int code) {
    this.code = code;
  }

  /** Its value in C. */
  int code() {
    return code;
  }

  static PcKind of(int code) {
    return BY_CODE[code];
  }
}
