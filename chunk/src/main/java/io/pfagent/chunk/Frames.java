package io.pfagent.chunk;

import java.util.Arrays;

/** The frames of a stack, the innermost first; made once and filled again for each stack. */
public final class Frames {

  /** How many frames are kept; JFR's own limit for {@code stackdepth} is the same. */
  public static final int MOST = 2048;

  private int[] methods = new int[64];
  private int[] lines = new int[64];
  private int[] bytecodes = new int[64];
  private FrameType[] types = new FrameType[64];
  private int size;
  private boolean truncated;

  /** Begins a new stack. */
  public void clear() {
    size = 0;
    truncated = false;
  }

  /**
   * Adds the caller of what was added before. Frames beyond {@link #MOST} are left out, and the
   * stack counts as truncated.
   *
   * @param method what {@link SampleFile#method} gave
   * @param line the line of the source, or -1 if it is not known
   * @param bytecodeIndex the index of the bytecode in its method, or -1 if it is not known
   */
  public void add(int method, int line, int bytecodeIndex, FrameType type) {
    if (size == MOST) {
      truncated = true;
      return;
    }
    if (size == methods.length) {
      methods = Arrays.copyOf(methods, 2 * size);
      lines = Arrays.copyOf(lines, 2 * size);
      bytecodes = Arrays.copyOf(bytecodes, 2 * size);
      types = Arrays.copyOf(types, 2 * size);
    }
    methods[size] = method;
    lines[size] = line;
    bytecodes[size] = bytecodeIndex;
    types[size++] = type;
  }

  /** Says that the stack goes on where these frames end. */
  public void truncate() {
    truncated = true;
  }

  /** How many frames there are. */
  public int size() {
    return size;
  }

  boolean isTruncated() {
    return truncated;
  }

  int method(int i) {
    return methods[i];
  }

  /** The stack as {@link SegmentFormat} draws it. */
  void writeTo(ByteWriter out) {
    out.put(truncated);
    out.number(size);
    for (int i = 0; i < size; i++) {
      out.number(methods[i]);
      out.number(Math.max(lines[i], -1) + 1L);
      out.number(Math.max(bytecodes[i], -1) + 1L);
      out.put(types[i].code());
    }
  }
}
