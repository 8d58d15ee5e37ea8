package io.pfagent.jvm;

import io.pfagent.kernel.Capability;
import java.util.List;

/**
 * Which Java methods stand at a pc of compiled code. Look-ups are made by one thread; names, counts
 * and {@link #close()} are for any.
 */
public sealed interface JavaCode extends AutoCloseable permits CodeMap, CompilerPerfmap {

  /**
   * The best that this JVM allows: a {@link CodeMap}, else a {@link CompilerPerfmap}; where neither
   * works, nothing is found and {@link #capabilities()} say why.
   */
  static JavaCode open() {
    CodeMap map = CodeMap.load();
    return map.capability().available() ? map : CompilerPerfmap.insteadOf(map.capability());
  }

  /**
   * Adds the frames at a pc, innermost first: those that were inlined, then the compiled method.
   *
   * @param pc an address
   * @param nanoTime when a thread was there, as of {@link System#nanoTime()}
   * @param returnAddress whether it is where a call returns to, not where the thread was
   * @param out takes the frames
   * @return how many were added; 0 if no code is known to have been there
   */
  int frames(long pc, long nanoTime, boolean returnAddress, JavaFrames out);

  /**
   * The names of a method.
   *
   * @param id of a frame that was found within the last minute
   * @return the names, or {@link MethodName#UNKNOWN}; never another method's
   */
  MethodName method(int id);

  /** What is held at the moment. */
  CodeCounts counts();

  /** What works here, and what does not and why. */
  List<Capability> capabilities();

  /** Gives all back; nothing is found from now on. */
  @Override
  void close();
}
