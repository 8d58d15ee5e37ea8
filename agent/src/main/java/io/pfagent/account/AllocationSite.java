package io.pfagent.account;

import java.lang.StackWalker.StackFrame;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/** Names the code that asked for memory: the first frame outside the JDK and the agent. */
public final class AllocationSite {

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
  public String ofCurrentThread() {
    String name =
        walker.walk(
            frames ->
                frames
                    .filter(frame -> !isPassedOver(frame.getClassName()))
                    .findFirst()
                    .map(AllocationSite::name)
                    .orElse(null));
    return name == null || names.size() >= MAX_SHARED_NAMES ? name : share(name);
  }

  private String share(String name) {
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

  private static String name(StackFrame frame) {
    return frame.getClassName() + "." + frame.getMethodName() + ":" + frame.getLineNumber();
  }
}
