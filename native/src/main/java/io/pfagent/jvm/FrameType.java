package io.pfagent.jvm;

/** How the code of a frame came to run; {@code enum frame_type} in C. */
public enum FrameType {
  /** Compiled Java: the method that was compiled. */
  COMPILED(0),
  /** Compiled Java: inlined into the frame that follows. */
  INLINED(1),
  /** Code that the JVM generated for itself: an arraycopy, an adapter, a vtable stub. */
  STUB(2),
  /** Interpreted Java. A pc alone tells no more: then the method is the interpreter itself. */
  INTERPRETED(3),
  /** Code of a native library. */
  NATIVE(4);

  private static final FrameType[] BY_CODE = {COMPILED, INLINED, STUB, INTERPRETED, NATIVE};

  private final int code;

  FrameType(int code) {
    this.code = code;
  }

  /** Its value in C. */
  int code() {
    return code;
  }

  static FrameType of(int code) {
    return BY_CODE[code];
  }
}
