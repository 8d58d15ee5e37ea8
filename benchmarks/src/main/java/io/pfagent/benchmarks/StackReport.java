package io.pfagent.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

/**
 * Prints lines of the tables of {@code benchmarks/run stacks}: what the stacks of a recording are
 * worth, and how two profilers' flame graphs of one program differ.
 */
public final class StackReport {

  private static final int DEEP = 70;
  private static final double HOT = 0.05;
  private static final int MOST_HOT = 6;

  private StackReport() {}

  /** Takes what to print, the name of the program, its main method, and files. */
  public static void main(String[] args) throws IOException {
    if (args.length < 4) {
      wrongUsage();
    }
    String program = args[1];
    String main = args[2];
    List<Path> files = List.of(args).subList(3, args.length).stream().map(Path::of).toList();
    switch (args[0]) {
      case "quality" -> quality(program, main, RecordedStacks.read(files.get(0)));
      case "gaps" -> gaps(program, graph(main, even(files)), graph(main, odd(files)));
      case "hot" -> hot(program, graph(main, even(files)), graph(main, odd(files)));
      default -> wrongUsage();
    }
  }

  private static void wrongUsage() {
    System.err.println(
        """
        usage: StackReport quality NAME MAIN RECORDING
               StackReport gaps NAME MAIN (FILE OTHER)...
               StackReport hot NAME MAIN (FILE OTHER)...
        FILE and OTHER are recordings (.jfr) or collapsed stacks; all first ones make one graph,
        all second ones the other.""");
    System.exit(2);
  }

  private static void quality(String program, String main, RecordedStacks stacks) {
    System.out.printf(
        "| %s | %d | %.2f %% | %s | %d | %d | %.0f %% | %d | %.2f %% | %.2f %% | %.1f %% |%n",
        program,
        stacks.samples().size(),
        100 * stacks.completeShare(),
        stacks.incomplete(),
        stacks.withoutJava(),
        stacks.deepest(),
        100 * stacks.deepShare(DEEP, main),
        stacks.lost(),
        100 * stacks.accountedShare(),
        100 * stacks.otherShare(),
        100 * stacks.sampledShare());
  }

  private static void gaps(String program, Graph one, Graph other) {
    List<FlameGraph.Share> boxes = one.graph.boxes(other.graph, HOT);
    FlameGraph.Share worst =
        boxes.stream().max(Comparator.comparingDouble(FlameGraph.Share::gap)).orElseThrow();
    System.out.printf(
        "| %s | %d | %d | %d | %.1f | %s | %.1f | %.1f | %.0f %% | %.0f %% |%n",
        program,
        one.samples,
        other.samples,
        boxes.size(),
        worst.gap(),
        worst.what(),
        largest(one.graph.methods(other.graph, HOT)),
        largest(one.graph.tops(other.graph, HOT)),
        100 * one.graph.inlinedShare(),
        100 * other.graph.inlinedShare());
  }

  private static void hot(String program, Graph one, Graph other) {
    one.graph.tops(other.graph, HOT).stream()
        .limit(MOST_HOT)
        .forEach(
            share ->
                System.out.printf(
                    "| %s | `%s` | %.1f %% | %.1f %% |%n",
                    program, share.what(), 100 * share.share(), 100 * share.otherShare()));
  }

  private static double largest(List<FlameGraph.Share> shares) {
    return shares.stream().mapToDouble(FlameGraph.Share::gap).max().orElse(0);
  }

  /** The application's stacks of some runs. */
  private record Graph(FlameGraph graph, long samples) {}

  private static Graph graph(String main, List<Path> files) throws IOException {
    FlameGraph graph = new FlameGraph();
    long samples = 0;
    for (Path file : files) {
      for (StackSample sample : read(file)) {
        if (sample.isOfApplication(main)) {
          graph.add(sample);
          samples += isRecording(file) ? 1 : sample.weight();
        }
      }
    }
    return new Graph(graph, samples);
  }

  private static List<StackSample> read(Path file) throws IOException {
    return isRecording(file) ? RecordedStacks.read(file).userSamples() : CollapsedStacks.read(file);
  }

  private static boolean isRecording(Path file) {
    return file.toString().endsWith(".jfr");
  }

  private static List<Path> even(List<Path> files) {
    return files.stream().filter(file -> files.indexOf(file) % 2 == 0).toList();
  }

  private static List<Path> odd(List<Path> files) {
    return files.stream().filter(file -> files.indexOf(file) % 2 == 1).toList();
  }
}
