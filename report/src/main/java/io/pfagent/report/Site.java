package io.pfagent.report;

import java.util.Iterator;
import java.util.List;
import java.util.regex.Pattern;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedMethod;
import jdk.jfr.consumer.RecordedStackTrace;

/**
 * Names the code behind a stack trace, as {@code package.Class.method:line}: the first frame
 * outside the JDK and the agent. Where only the JDK acts, it is the first frame that is not the
 * plumbing of off-heap memory itself.
 */
final class Site {

  static final String NO_STACK = "(no stack trace)";
  static final String BEFORE_RECORDING = "(allocated before the recording)";

  private static final List<String> JDK = List.of("java.", "javax.", "jdk.", "sun.", "com.sun.");

  /** Not all of io.pfagent: its demo programs are applications like any other. */
  private static final List<String> AGENT =
      List.of(
          "java.lang.PfagentHooks",
          "io.pfagent.account.",
          "io.pfagent.agent.",
          "io.pfagent.boot.",
          "io.pfagent.event.",
          "io.pfagent.hook.",
          "io.pfagent.jmx.",
          "io.pfagent.kernel.",
          "io.pfagent.prealloc.",
          "io.pfagent.sample.");

  private static final List<String> PLUMBING =
      List.of(
          "java.nio.",
          "java.lang.foreign.",
          "jdk.internal.foreign.",
          "jdk.internal.misc.",
          "sun.misc.Unsafe",
          "sun.nio.ch.FileChannelImpl");

  /** A shared library, or what the kernel maps, as {@code [vdso]}. */
  private static final Pattern LIBRARY = Pattern.compile(".*\\.so(\\.\\d+)*|\\[.*\\]");

  private Site() {}

  /**
   * What a site needs to know of a frame.
   *
   * @param type the class; the library if the code is native
   * @param line 0 or less if unknown
   * @param isNative whether the code belongs to a library, not to Java
   */
  record Frame(String type, String method, int line, boolean isNative) {

    Frame(String type, String method, int line) {
      this(type, method, line, false);
    }

    static Frame of(RecordedFrame frame) {
      RecordedMethod method = frame.getMethod();
      return new Frame(
          method.getType().getName(), method.getName(), frame.getLineNumber(), isNative(frame));
    }

    /** The JVM calls native methods of Java "Native" too; the class of these is no library. */
    private static boolean isNative(RecordedFrame frame) {
      String descriptor = frame.getMethod().getDescriptor();
      return "Native".equals(frame.getType())
          && (descriptor == null
              || !descriptor.startsWith("(")
              || LIBRARY.matcher(frame.getMethod().getType().getName()).matches());
    }

    boolean isAgent() {
      return startsWithAny(type, AGENT);
    }

    /** Neither the JDK's, nor the agent's, nor native. */
    boolean isApplication() {
      return !isNative && !isAgent() && !startsWithAny(type, JDK);
    }

    String name() {
      if (isNative) {
        return type.isEmpty() ? method : method + " (" + type + ")";
      }
      return line > 0 ? type + "." + method + ":" + line : type + "." + method;
    }
  }

  /** The site of a stack trace, which may be null. */
  static String of(RecordedStackTrace stackTrace) {
    if (stackTrace == null) {
      return NO_STACK;
    }
    return of(stackTrace.getFrames().stream().map(Frame::of).iterator());
  }

  /** The site of a stack whose innermost frame comes first. */
  static String of(Iterator<Frame> stack) {
    Frame inJdk = null;
    while (stack.hasNext()) {
      Frame frame = stack.next();
      if (frame.isAgent() || frame.isNative()) {
        continue;
      }
      if (frame.isApplication()) {
        return frame.name();
      }
      if (inJdk == null && !startsWithAny(frame.type(), PLUMBING)) {
        inJdk = frame;
      }
    }
    return inJdk == null ? NO_STACK : inJdk.name();
  }

  private static boolean startsWithAny(String name, List<String> prefixes) {
    for (String prefix : prefixes) {
      if (name.startsWith(prefix)) {
        return true;
      }
    }
    return false;
  }
}
