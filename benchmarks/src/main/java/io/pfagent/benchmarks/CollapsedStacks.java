package io.pfagent.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Reads what async-profiler writes with {@code collapsed,threads,ann}: a line for each stack, the
 * thread first, {@code [main tid=7];java/lang/Thread.run_[0];...;memset 12}.
 */
final class CollapsedStacks {

  private static final Pattern LINE = Pattern.compile("\\[(.*?)(?: tid=\\d+)?](?:;(.*))? (\\d+)");

  /** Interpreted, compiled by C1 or by C2, inlined: what else there is, is not Java. */
  private static final Pattern JAVA = Pattern.compile("(.+)\\.([^.]+)_\\[([01ij])]");

  private CollapsedStacks() {}

  static List<StackSample> read(Path file) throws IOException {
    try (Stream<String> lines = Files.lines(file)) {
      return lines.map(CollapsedStacks::sample).toList();
    }
  }

  private static StackSample sample(String line) {
    Matcher stack = LINE.matcher(line);
    if (!stack.matches()) {
      throw new IllegalArgumentException("no collapsed stack that begins with a thread: " + line);
    }
    List<StackSample.Frame> frames = new ArrayList<>();
    String names = stack.group(2) == null ? "" : stack.group(2);
    for (String name : names.split(";")) {
      Matcher java = JAVA.matcher(name);
      if (java.matches()) {
        frames.add(
            StackSample.Frame.of(
                java.group(1).replace('/', '.'), java.group(2), java.group(3).equals("i")));
      }
    }
    return new StackSample(stack.group(1), frames, Long.parseLong(stack.group(3)));
  }
}
