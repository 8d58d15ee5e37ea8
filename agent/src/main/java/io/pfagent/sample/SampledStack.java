package io.pfagent.sample;

import io.pfagent.jvm.JavaFrames;
import io.pfagent.kernel.NativeSymbols;

/**
 * The stack of one sample: native code on top, where the fault was raised in it, then frames that
 * the code map names. Filled again for each sample.
 */
final class SampledStack {

  private static final int MOST_FRAMES = 256;

  private final JavaFrames frames = new JavaFrames(MOST_FRAMES);
  private NativeSymbols.Symbol nativeTop;

  void clear() {
    frames.clear();
    nativeTop = null;
  }

  /** The native function that has faulted, or null. */
  NativeSymbols.Symbol nativeTop() {
    return nativeTop;
  }

  void setNativeTop(NativeSymbols.Symbol symbol) {
    nativeTop = symbol;
  }

  /** The frames below it. */
  JavaFrames frames() {
    return frames;
  }
}
