package io.pfagent.jvm;

/**
 * How the walk of a copied stack ended; {@code enum unwind_end} in C. Whatever the end, the frames
 * that were found are right, but for {@link #GUESSED}.
 */
public enum StackEnd {
  /** The thread's outermost Java frame was reached. */
  COMPLETE("complete"),
  /** The copy was too small: the frames above it are missing. */
  TRUNCATED("truncated"),
  /** The rest of this virtual thread's stack is on the heap, since it was parked. */
  RETURN_BARRIER("return barrier"),
  /** The thread runs no Java: of the collector, of the compiler, of a library. */
  NO_JAVA_FRAME("no Java frame"),
  /** Something was met that the walk cannot pass: the frames below it are right. */
  BAD_PC("bad pc"),
  /** The stack was searched for what looks like a frame: plausible, not proven. */
  GUESSED("guessed"),
  /** There was no room for more frames. */
  TOO_DEEP("too deep");

  private static final StackEnd[] BY_CODE = values();

  private final String words;

  StackEnd(String words) {
    this.words = words;
  }

  /** In words, for an event's field. */
  public String words() {
    return words;
  }

  static StackEnd of(int code) {
    return BY_CODE[code];
  }
}
