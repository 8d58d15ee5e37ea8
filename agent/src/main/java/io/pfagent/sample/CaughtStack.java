package io.pfagent.sample;

import io.pfagent.jvm.FrameType;
import io.pfagent.jvm.JavaCode;
import io.pfagent.jvm.JavaFrames;
import io.pfagent.jvm.PcKind;
import io.pfagent.jvm.PhysicalStack;
import io.pfagent.kernel.NativeSymbols;
import java.util.Arrays;

/** A stack without names. Equal ones get equal names, if they do at the same time. */
sealed interface CaughtStack {

  /**
   * Gives the frames their names.
   *
   * @param nanoTime when the sample was taken
   * @param out is empty before
   * @return what the stack is worth
   */
  StackState name(JavaCode code, long nanoTime, SampledStack out);

  /** Whether native code has faulted, rather than Java. */
  boolean isNative();

  /** Nothing is known. */
  record Unknown() implements CaughtStack {
    static final Unknown INSTANCE = new Unknown();

    @Override
    public StackState name(JavaCode code, long nanoTime, SampledStack out) {
      return StackState.UNKNOWN;
    }

    @Override
    public boolean isNative() {
      return false;
    }
  }

  /**
   * The top of a stack.
   *
   * @param pc the program counter
   * @param symbol the native function around it, or null
   */
  record Leaf(long pc, NativeSymbols.Symbol symbol) implements CaughtStack {
    @Override
    public StackState name(JavaCode code, long nanoTime, SampledStack out) {
      if (symbol != null) {
        out.setNativeTop(symbol);
        return StackState.LEAF;
      }
      if (code.frames(pc, PcKind.CURRENT, nanoTime, out.frames()) == 0) {
        return StackState.UNKNOWN;
      }
      return out.frames().type(0) == FrameType.INTERPRETED
          ? StackState.INTERPRETED
          : StackState.LEAF;
    }

    @Override
    public boolean isNative() {
      return symbol != null;
    }
  }

  /** The top and the return addresses below it, found along frame pointers. */
  final class Chain implements CaughtStack {
    private final Leaf leaf;
    private final long[] returnAddresses;
    private final boolean isCutOff;

    /**
     * @param isCutOff whether there may be more of them
     */
    Chain(Leaf leaf, long[] returnAddresses, boolean isCutOff) {
      this.leaf = leaf;
      this.returnAddresses = returnAddresses;
      this.isCutOff = isCutOff;
    }

    @Override
    public StackState name(JavaCode code, long nanoTime, SampledStack out) {
      StackState top = leaf.name(code, nanoTime, out);
      if (top == StackState.UNKNOWN) {
        return top;
      }
      int named = out.frames().size();
      // What Java code calls directly may be a leaf call; below a runtime stub it is none.
      boolean maybeLeafCall = named == 0 || out.frames().type(0) == FrameType.STUB;
      for (long address : returnAddresses) {
        // Native frames are the JVM's own; they end the Java stack or sit within it.
        PcKind kind = maybeLeafCall ? PcKind.LEAF_RETURN : PcKind.RETURN;
        int added = code.frames(address, kind, nanoTime, out.frames());
        maybeLeafCall = maybeLeafCall && added == 0;
        named += added;
      }
      if (named == 0) {
        return StackState.NO_JAVA_FRAME;
      }
      return isCutOff ? StackState.TRUNCATED : StackState.COMPLETE;
    }

    @Override
    public boolean isNative() {
      return leaf.isNative();
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Chain chain
          && isCutOff == chain.isCutOff
          && leaf.equals(chain.leaf)
          && Arrays.equals(returnAddresses, chain.returnAddresses);
    }

    @Override
    public int hashCode() {
      return 31 * leaf.hashCode() + Arrays.hashCode(returnAddresses);
    }
  }

  /** The frames of a stack that the kernel has copied. */
  record Walked(Leaf leaf, PhysicalStack frames) implements CaughtStack {
    @Override
    public StackState name(JavaCode code, long nanoTime, SampledStack out) {
      JavaFrames java = out.frames();
      if (frames.expand(code, nanoTime, java) == 0) {
        return leaf.name(code, nanoTime, out);
      }
      return switch (frames.end()) {
        case COMPLETE -> StackState.COMPLETE;
        case TRUNCATED, TOO_DEEP -> StackState.TRUNCATED;
        case RETURN_BARRIER -> StackState.RETURN_BARRIER;
        case NO_JAVA_FRAME -> StackState.NO_JAVA_FRAME;
        case BAD_PC -> StackState.BAD_PC;
        case GUESSED -> StackState.GUESSED;
      };
    }

    @Override
    public boolean isNative() {
      return leaf.isNative();
    }
  }
}
