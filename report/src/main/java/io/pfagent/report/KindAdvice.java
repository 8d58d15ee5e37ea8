package io.pfagent.report;

import java.util.Map;

/** What a person can do about faults of a kind of memory that is not the application's own. */
final class KindAdvice {

  private static final Map<String, String> ADVICE =
      Map.of(
          "java-heap",
          "let the JVM touch its heap at start, or give it huge pages (-XX:+AlwaysPreTouch with"
              + " -Xms as large as -Xmx, -XX:+UseTransparentHugePages)",
          "thread-stack",
          "keep threads and use them again (a pool): each new one faults its stack in",
          "malloc",
          "keep glibc from giving memory back and taking it again (MALLOC_TRIM_THRESHOLD_,"
              + " MALLOC_TOP_PAD_, MALLOC_ARENA_MAX), or try another malloc");

  private KindAdvice() {}

  /** The advice, or null if there is none. */
  static String of(String kind) {
    return ADVICE.get(kind);
  }
}
