package io.pfagent.sample;

/** What a sample's stack is worth: the field {@code stackState} of {@code pfagent.PageFault}. */
public enum StackState {
  /** Every frame up to the thread's first. */
  COMPLETE("complete"),
  /** The frames are right; more follow, which the sample doesn't hold. */
  TRUNCATED("truncated"),
  /** The frames of a virtual thread that are on its carrier's stack; the rest is in the heap. */
  RETURN_BARRIER("return-barrier"),
  /** The top of the stack only: where the fault was raised, inlined methods included. */
  LEAF("leaf"),
  /** The interpreter ran the method that faulted: it has no name here. */
  INTERPRETED("interpreted"),
  /** Native code without a Java frame. */
  NO_JAVA_FRAME("no-java-frame"),
  /** The frames are right as far as they go; what follows them is no code. */
  BAD_PC("bad-pc"),
  /** Plausible frames, not proven ones. */
  GUESSED("guessed"),
  /** Code that nobody names. */
  UNKNOWN("unknown");

  private final String label;

  StackState(String label) {
    this.label = label;
  }

  /** The value of the event's field. */
  public String label() {
    return label;
  }
}
