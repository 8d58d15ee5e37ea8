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

  /** The compile id of code that is not known. */
  int COMPILE_ID_UNKNOWN = 0;

  /** The compile id of what is known to be no method: a stub. */
  int COMPILE_ID_NONE = -1;

  /**
   * Adds the frames at a pc, innermost first: those that were inlined, then the compiled method.
   *
   * @param pc an address
   * @param kind what it is
   * @param compileId which compilation of HotSpot's the code is, where the caller knows: then no
   *     other is taken for it. Else {@link #COMPILE_ID_UNKNOWN}, and code is found that alone may
   *     have been there
   * @param tooLate whether this code may have come there after {@code nanoTime}: it was seen only
   *     later. Then it is found only if no other may have been there at that time
   * @param nanoTime when a thread was there, as of {@link System#nanoTime()}
   * @param out takes the frames
   * @return how many were added; 0 if no code is known to have been there
   */
  int frames(long pc, PcKind kind, int compileId, boolean tooLate, long nanoTime, JavaFrames out);

  /** The same of code whose compilation is not known. */
  default int frames(long pc, PcKind kind, long nanoTime, JavaFrames out) {
    return frames(pc, kind, COMPILE_ID_UNKNOWN, false, nanoTime, out);
  }

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
