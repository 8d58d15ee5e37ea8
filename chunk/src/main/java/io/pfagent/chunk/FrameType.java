package io.pfagent.chunk;

import java.io.IOException;

/** How a frame's code ran, in the words of JFR's own events ({@code jfrStackTrace.cpp}). */
public enum FrameType {
  /** Bytecode that the interpreter ran. */
  INTERPRETED(1, "Interpreted"),
  /** Machine code of the method itself. */
  JIT_COMPILED(2, "JIT compiled"),
  /** Machine code within that of the caller. */
  INLINED(3, "Inlined"),
  /** No bytecode at all. */
  NATIVE(4, "Native");

  private static final FrameType[] ALL = values();

  private final int code;
  private final String jfrName;

  FrameType(int code, String jfrName) {
    this.code = code;
    this.jfrName = jfrName;
  }

  /** Its number in sample files. */
  int code() {
    return code;
  }

  String jfrName() {
    return jfrName;
  }

  static FrameType of(int code) throws IOException {
    for (FrameType type : ALL) {
      if (type.code == code) {
        return type;
      }
    }
    throw new IOException("frames of type %d are not known".formatted(code));
  }
}
