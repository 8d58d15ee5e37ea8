package io.pfagent.benchmarks;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.util.ListStatistics;

/** Nanoseconds per operation of each benchmark in each mode, as a Markdown table of medians. */
final class ResultTable {

  private static final double MEDIAN = 50;

  /** One row: a method with its parameters. */
  private record Row(String method, String size) implements Comparable<Row> {

    static Row of(BenchmarkParams params) {
      String name = params.getBenchmark();
      int method = name.lastIndexOf('.');
      return new Row(
          name.substring(name.lastIndexOf('.', method - 1) + 1),
          params.getParamsKeys().contains("size") ? params.getParam("size") : "");
    }

    @Override
    public int compareTo(Row other) {
      int byMethod = method.compareTo(other.method);
      // Numbers without leading zeros: the longer one is larger.
      int byLength = Integer.compare(size.length(), other.size.length());
      return byMethod != 0 ? byMethod : byLength != 0 ? byLength : size.compareTo(other.size);
    }
  }

  private final Map<Row, Map<AgentMode, List<Double>>> nanos = new TreeMap<>();

  /** Adds what one JVM of each benchmark has measured. */
  void add(AgentMode mode, Collection<RunResult> results) {
    for (RunResult result : results) {
      List<Double> samples =
          nanos
              .computeIfAbsent(Row.of(result.getParams()), row -> new EnumMap<>(AgentMode.class))
              .computeIfAbsent(mode, none -> new ArrayList<>());
      for (BenchmarkResult jvm : result.getBenchmarkResults()) {
        for (IterationResult iteration : jvm.getIterationResults()) {
          samples.add(iteration.getPrimaryResult().getScore());
        }
      }
    }
  }

  /** Prints a line for each benchmark, size and mode. */
  void print(PrintStream out) {
    out.println("| benchmark | bytes | JVM | median, ns | added, ns | ratio | iterations |");
    out.println("|---|--:|---|--:|--:|--:|--:|");
    nanos.forEach(
        (row, modes) -> {
          double alone = median(modes.get(AgentMode.NO_AGENT));
          modes.forEach(
              (mode, samples) -> {
                double median = median(samples);
                out.printf(
                    "| %s | %s | %s | %.1f | %+.1f | %.2f | %d |%n",
                    row.method,
                    row.size,
                    mode.label(),
                    median,
                    median - alone,
                    median / alone,
                    samples.size());
              });
        });
  }

  private static double median(List<Double> samples) {
    double[] values = samples.stream().mapToDouble(Double::doubleValue).toArray();
    return new ListStatistics(values).getPercentile(MEDIAN);
  }
}
