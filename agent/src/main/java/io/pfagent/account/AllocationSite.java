package io.pfagent.account;

import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/** Names the code that asked for memory: the first frame outside the JDK and the agent. */
final class AllocationSite {

  private static final List<String> PASSED_OVER =
      List.of(
          "java.",
          "javax.",
          "jdk.",
          "sun.",
          "com.sun.",
          "io.pfagent.account.",
          "io.pfagent.event.");

  /** Enough for the sites of a large program; beyond it equal names are no longer shared. */
  private static final int MAX_SHARED_NAMES = 10_000;

  private final StackWalker walker = StackWalker.getInstance();
  private final ConcurrentHashMap<String, String> names = new ConcurrentHashMap<>();

  /**
   * {@code package.Class.method:line} of the calling thread, or null if all frames are the JDK's.
   */
  String ofCurrentThread() {
    return walker.walk(
        frames ->
            frames
                .filter(frame -> !isPassedOver(frame.getClassName()))
                .findFirst()
                .map(frame -> name(frame.toStackTraceElement()))
                .orElse(null));
  }

  /** The same from a stack that was taken before; null too if the JVM takes none. */
  String of(StackTraceElement[] stack) {
    for (StackTraceElement frame : stack) {
      if (!isPassedOver(frame.getClassName())) {
        return name(frame);
      }
    }
    return null;
  }

  private String name(StackTraceElement frame) {
    String name = frame.getClassName() + "." + frame.getMethodName() + ":" + frame.getLineNumber();
    if (names.size() >= MAX_SHARED_NAMES) {
      return name;
    }
    String before = names.putIfAbsent(name, name);
    return before == null ? name : before;
  }

  private static boolean isPassedOver(String className) {
    for (String prefix : PASSED_OVER) {
      if (className.startsWith(prefix)) {
        return true;
      }
    }
    return false;
  }
}
