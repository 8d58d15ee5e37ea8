package io.pfagent.report;

import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedStackTrace;

/**
 * What a report says of the stack of a sampled fault.
 *
 * @param innermost the frame that faulted, {@code package.Class.method:line} or {@code symbol
 *     (library)}
 * @param application the first frame of the application around it; null if there is none, or if it
 *     faulted itself
 */
record Stack(String innermost, String application) {

  static final String UNKNOWN = "(unknown method)";

  private static final Stack NONE = new Stack(UNKNOWN, null);

  /** Takes a stack trace, which may be null. */
  static Stack of(RecordedStackTrace trace) {
    if (trace == null || trace.getFrames().isEmpty()) {
      return NONE;
    }
    String innermost = null;
    for (RecordedFrame recorded : trace.getFrames()) {
      Site.Frame frame = Site.Frame.of(recorded);
      if (frame.isAgent()) {
        continue;
      }
      if (innermost == null) {
        innermost = frame.name();
      }
      if (frame.isApplication()) {
        return new Stack(innermost, innermost.equals(frame.name()) ? null : frame.name());
      }
    }
    return innermost == null ? NONE : new Stack(innermost, null);
  }
}
