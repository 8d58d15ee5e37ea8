package io.pfagent.benchmarks;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A sampled fault, as both profilers tell it.
 *
 * @param thread name of the thread that faulted
 * @param frames the Java methods of its stack, the outermost first; native ones are left out
 * @param weight faults that it stands for
 */
record StackSample(String thread, List<Frame> frames, long weight) {

  /** The thread that begins is renamed when it has left main; one profiler tells its last name. */
  private static final Set<String> MAIN_THREAD = Set.of("main", "DestroyJavaVM");

  private static final Pattern LAMBDA = Pattern.compile("\\$\\$Lambda.*");
  private static final Pattern HIDDEN = Pattern.compile("[./+]0x\\p{XDigit}+.*");
  private static final Pattern GENERATED =
      Pattern.compile("(\\$Proxy|Generated(?:Method|Constructor)Accessor)\\d+");

  /** What the profilers and their recordings do in threads of the application, and their own. */
  private static final Pattern PROFILER_THREAD =
      Pattern.compile("pfagent-.*|JFR .*|Async-profiler.*");

  private static final Pattern PROFILER_METHOD =
      Pattern.compile(
          "jdk\\.jfr\\..*|java\\.lang\\.PfagentHooks.*"
              + "|io\\.pfagent\\.(account|agent|event|hook|jmx|kernel|prealloc|sample)\\..*");

  /**
   * A method on a stack.
   *
   * @param method class and name
   * @param inlined into the method that called it
   */
  record Frame(String method, boolean inlined) {

    /** Numbers that differ from run to run are left out of the class's name. */
    static Frame of(String type, String name, boolean inlined) {
      String stable = LAMBDA.matcher(type).replaceFirst("\\$\\$Lambda");
      stable = HIDDEN.matcher(stable).replaceFirst("");
      stable = GENERATED.matcher(stable).replaceFirst("$1");
      return new Frame(stable + "." + name, inlined);
    }
  }

  boolean hasJava() {
    return !frames.isEmpty();
  }

  Frame top() {
    return frames.get(frames.size() - 1);
  }

  /**
   * Whether the application raised it: not a profiler, nor the JVM before it called main.
   *
   * @param main the method that the application begins with
   */
  boolean isOfApplication(String main) {
    return hasJava()
        && !PROFILER_THREAD.matcher(thread).matches()
        && frames.stream().noneMatch(frame -> PROFILER_METHOD.matcher(frame.method).matches())
        && (!MAIN_THREAD.contains(thread)
            || frames.stream().anyMatch(frame -> frame.method.equals(main)));
  }
}
