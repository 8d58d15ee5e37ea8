package io.pfagent.jvm;

import java.util.Arrays;

/**
 * The frames of a copied stack, innermost first, as they lie on the stack: one per compiled method,
 * whatever was inlined into it. Interpreted and native frames are named already, for what names
 * them may be gone soon; compiled ones keep their pc and their compile id, for the JVM tells of
 * code only after it has begun to run. {@link #expand} names them all; a second after the sample is
 * a good time.
 *
 * <p>Two stacks are equal if their frames and their end are: one can be looked up in a table before
 * a {@link #copy()} of it is kept. Not for several threads at once.
 *
 * <pre>
 * head:   how the walk ended | first frame of the carrier | whether names were read
 * frame:  pc | method id or compile id, bci | line, type, kind of the pc, whether the code was seen
 *         too late                                                               three longs
 * </pre>
 */
public final class PhysicalStack {

  private static final int HEAD = 3;
  private static final int LONGS_PER_FRAME = 3;

  private static final int END = 0;
  private static final int CARRIER_FROM = 1;
  private static final int UNPROVEN_NAMES = 2;

  private final long[] data;
  private int size;

  /**
   * Takes room that is used again by each walk.
   *
   * @param most how many frames fit; a walk that has more ends with {@link StackEnd#TOO_DEEP}
   */
  public PhysicalStack(int most) {
    this(new long[HEAD + most * LONGS_PER_FRAME], 0);
  }

  private PhysicalStack(long[] data, int size) {
    this.data = data;
    this.size = size;
  }

  /** This stack as it is now, in no more room than it needs. */
  public PhysicalStack copy() {
    return new PhysicalStack(Arrays.copyOf(data, length()), size);
  }

  /** How many frames there are. */
  public int size() {
    return size;
  }

  /** How the walk ended. */
  public StackEnd end() {
    return StackEnd.of((int) data[END]);
  }

  /**
   * The first frame that belongs to the carrier of a virtual thread, rather than to the virtual
   * thread; {@link #size()} if there is none.
   */
  public int carrierFrom() {
    return (int) data[CARRIER_FROM];
  }

  /** How a frame's code came to run; never {@link FrameType#INLINED}. */
  public FrameType type(int frame) {
    return FrameType.of((int) (word(frame, 2) >>> 32) & 0xff);
  }

  /** Where a frame's code was, or goes on. */
  public long pc(int frame) {
    return word(frame, 0);
  }

  /** What a frame's pc is. */
  public PcKind pcKind(int frame) {
    return PcKind.of((int) (word(frame, 2) >>> 40) & 0xff);
  }

  /**
   * The id of the method of an interpreted or native frame, see {@link JavaCode#method}: good for
   * forty seconds. 0 if it is not known.
   */
  public int method(int frame) {
    return type(frame) == FrameType.COMPILED ? 0 : (int) word(frame, 1);
  }

  /**
   * Whether a compiled frame's code may have come there after the sample; it was not seen before.
   */
  public boolean isTooLate(int frame) {
    return (word(frame, 2) >>> 48 & 1) != 0;
  }

  /**
   * Which compilation of HotSpot's a frame's code is; never given to another. {@link
   * JavaCode#COMPILE_ID_NONE} if it is none.
   */
  public int compileId(int frame) {
    return type(frame) == FrameType.COMPILED ? (int) word(frame, 1) : JavaCode.COMPILE_ID_NONE;
  }

  /** The index of an interpreted frame's bytecode, or -1 if it is not known. */
  public int bci(int frame) {
    return (int) (word(frame, 1) >>> 32);
  }

  /** An interpreted frame's line in its source file, or -1 if it is not known. */
  public int line(int frame) {
    return (int) word(frame, 2);
  }

  /**
   * Adds the frames with what was inlined into them. Frames that have no name have the id 0.
   *
   * @param code names the compiled ones and the stubs
   * @param nanoTime when the sample was taken, as of {@link System#nanoTime()}
   * @param out takes the frames
   * @return how many were added
   */
  public int expand(JavaCode code, long nanoTime, JavaFrames out) {
    int before = out.size();
    for (int i = 0; i < size; i++) {
      expand(i, code, nanoTime, out);
    }
    return out.size() - before;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PhysicalStack stack
        && Arrays.equals(data, 0, length(), stack.data, 0, stack.length());
  }

  @Override
  public int hashCode() {
    long hash = data[END];
    for (int i = HEAD; i < length(); i++) {
      hash = (hash ^ data[i]) * 0x9e3779b97f4a7c15L;
      hash ^= hash >>> 29;
    }
    return (int) (hash ^ hash >>> 32);
  }

  /** The same for one frame. */
  void expand(int frame, JavaCode code, long nanoTime, JavaFrames out) {
    FrameType type = type(frame);
    boolean byPc = type == FrameType.COMPILED || type == FrameType.STUB;
    if (!byPc
        || code.frames(pc(frame), pcKind(frame), compileId(frame), isTooLate(frame), nanoTime, out)
            == 0) {
      out.add(method(frame), bci(frame), line(frame), type);
    }
  }

  /** Where native code writes. */
  long[] data() {
    return data;
  }

  /** Native code has written so many frames. */
  void filled(int frames) {
    size = frames;
  }

  /** Whether the walk has read names, which hold only if no class was unloaded meanwhile. */
  boolean hasUnprovenNames() {
    return data[UNPROVEN_NAMES] != 0;
  }

  /** The names hold, or are gone. */
  void settle() {
    data[UNPROVEN_NAMES] = 0;
  }

  /** Takes the names of interpreted frames away. */
  void withholdNames() {
    for (int i = 0; i < size; i++) {
      if (type(i) == FrameType.INTERPRETED) {
        int at = HEAD + i * LONGS_PER_FRAME;
        data[at + 1] = -1L << 32;
        data[at + 2] |= 0xffff_ffffL;
      }
    }
  }

  private int length() {
    return HEAD + size * LONGS_PER_FRAME;
  }

  private long word(int frame, int word) {
    return data[HEAD + frame * LONGS_PER_FRAME + word];
  }
}
