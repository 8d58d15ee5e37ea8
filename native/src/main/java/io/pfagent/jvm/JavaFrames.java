package io.pfagent.jvm;

/**
 * Frames of a stack, innermost first, in room that is taken once and used again. Not for several
 * threads at once.
 *
 * <pre>
 * one frame:   method id | bci | line | type      four ints
 * </pre>
 */
public final class JavaFrames {

  private static final int INTS_PER_FRAME = 4;

  private final int[] data;
  private int size;

  /**
   * Takes the room.
   *
   * @param most how many frames fit; those that don't are left out, the outermost ones
   */
  public JavaFrames(int most) {
    data = new int[most * INTS_PER_FRAME];
  }

  /** Forgets all frames. */
  public void clear() {
    size = 0;
  }

  /** How many frames there are. */
  public int size() {
    return size;
  }

  /** The id of a frame's method, see {@link JavaCode#method}. */
  public int method(int frame) {
    return data[frame * INTS_PER_FRAME];
  }

  /** The index of a frame's bytecode, or -1 if it is not known. */
  public int bci(int frame) {
    return data[frame * INTS_PER_FRAME + 1];
  }

  /** A frame's line in its source file, or -1 if it is not known. */
  public int line(int frame) {
    return data[frame * INTS_PER_FRAME + 2];
  }

  /** How a frame's code came to run. */
  public FrameType type(int frame) {
    return FrameType.of(data[frame * INTS_PER_FRAME + 3]);
  }

  /** Where native code writes frames, from frame {@link #size()} on. */
  int[] data() {
    return data;
  }

  /** How many more frames fit. */
  int room() {
    return data.length / INTS_PER_FRAME - size;
  }

  /** Native code has written some. */
  void added(int frames) {
    size += frames;
  }

  /** Adds one frame, if it fits; how many that makes. */
  int add(int method, int bci, int line, FrameType type) {
    if (room() == 0) {
      return 0;
    }
    int at = size++ * INTS_PER_FRAME;
    data[at] = method;
    data[at + 1] = bci;
    data[at + 2] = line;
    data[at + 3] = type.code();
    return 1;
  }
}
