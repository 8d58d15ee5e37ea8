package io.pfagent.demo;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/**
 * All demos one after the other in one JVM, with modest sizes: a recording of it has everything.
 */
public final class Tour {

  private static final String HELP =
      """
      usage: Tour [NAME...]
      Runs the named demos, or all of them: DirectBuffers, MappedFile, ArenaSegments, NettyEcho,
      LuceneSearch. Prints one line for each.
      """;

  private static final List<Stop> STOPS =
      List.of(
          new Stop("DirectBuffers", DirectBuffers::run, "64m", "3"),
          new Stop("MappedFile", MappedFile::run, "128m"),
          new Stop("ArenaSegments", ArenaSegments::run, "64m"),
          new Stop("NettyEcho", NettyEcho::run, "8", "1000", "16k"),
          new Stop("LuceneSearch", LuceneSearch::run, "20000", "1000"));

  private Tour() {}

  /** Goes through the named demos or all; {@code --help} lists them. */
  public static void main(String[] args) {
    Launcher.launch(HELP, Tour::run, args);
  }

  static void run(Arguments arguments, PrintStream out) throws Exception {
    List<Stop> stops = new ArrayList<>();
    for (String name : arguments.rest()) {
      stops.add(stop(name));
    }
    for (Stop stop : stops.isEmpty() ? STOPS : stops) {
      stop.visit(out);
    }
  }

  private static Stop stop(String name) throws DemoException {
    return STOPS.stream()
        .filter(stop -> stop.name.equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                DemoException.wrongUsage(
                    "no demo is named '%s'; there are %s"
                        .formatted(
                            name, String.join(", ", STOPS.stream().map(Stop::name).toList()))));
  }

  private record Stop(String name, Demo demo, List<String> arguments) {

    Stop(String name, Demo demo, String... arguments) {
      this(name, demo, List.of(arguments));
    }

    /** Prints the demo's result, or why this JVM cannot show it: the tour goes on. */
    void visit(PrintStream out) throws Exception {
      try {
        demo.run(new Arguments(arguments.toArray(String[]::new)), out);
      } catch (DemoException refused) {
        out.println(refused.getMessage());
      }
    }
  }
}
