package io.pfagent.benchmarks;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.runner.NoBenchmarksException;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormat;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs the JMH benchmarks in every {@link AgentMode} and prints a Markdown table to stdout; JMH's
 * progress goes to stderr. The modes alternate, one JVM each a round, so that a change of the
 * machine's mood meets all of them.
 *
 * <p>Takes JMH's own arguments ({@code -h} lists them); {@code -f} is the number of rounds. The
 * system property {@code pfagent.jar} names the agent.
 */
public final class Benchmarks {

  private static final int ROUNDS = 3;
  private static final int WARM_UP_ITERATIONS = 3;
  private static final int ITERATIONS = 5;
  private static final TimeValue ITERATION_TIME = TimeValue.seconds(1);

  private Benchmarks() {}

  /** Runs what the arguments select. */
  public static void main(String[] args) throws Exception {
    String agentJar = System.getProperty("pfagent.jar");
    if (agentJar == null) {
      throw new IllegalStateException("-Dpfagent.jar=FILE is missing: benchmarks/run gives it");
    }
    CommandLineOptions commandLine = parse(args);
    if (commandLine.shouldHelp()) {
      commandLine.showHelp();
      return;
    }
    run(commandLine, Path.of(agentJar)).print(System.out);
  }

  private static CommandLineOptions parse(String... args) {
    try {
      return new CommandLineOptions(args);
    } catch (CommandLineOptionException wrong) {
      System.err.println("benchmarks: " + wrong.getMessage());
      System.exit(2);
      throw new AssertionError(wrong);
    }
  }

  private static ResultTable run(CommandLineOptions commandLine, Path agentJar)
      throws RunnerException {
    ResultTable table = new ResultTable();
    int rounds = commandLine.getForkCount().orElse(ROUNDS);
    for (int round = 0; round < rounds; round++) {
      for (AgentMode mode : AgentMode.values()) {
        try {
          table.add(mode, new Runner(options(commandLine, mode, agentJar), progress()).run());
        } catch (NoBenchmarksException none) {
          if (mode == AgentMode.NO_AGENT) {
            throw none;
          }
        }
      }
    }
    return table;
  }

  private static Options options(CommandLineOptions commandLine, AgentMode mode, Path agentJar) {
    return new OptionsBuilder()
        .parent(commandLine)
        .exclude(mode.excluded())
        .forks(1)
        .jvmArgsAppend(mode.jvmArguments(agentJar).toArray(String[]::new))
        .mode(Mode.AverageTime)
        .timeUnit(TimeUnit.NANOSECONDS)
        .warmupIterations(commandLine.getWarmupIterations().orElse(WARM_UP_ITERATIONS))
        .warmupTime(commandLine.getWarmupTime().orElse(ITERATION_TIME))
        .measurementIterations(commandLine.getMeasurementIterations().orElse(ITERATIONS))
        .measurementTime(commandLine.getMeasurementTime().orElse(ITERATION_TIME))
        .shouldFailOnError(true)
        .build();
  }

  private static OutputFormat progress() {
    PrintStream stderr = System.err;
    return OutputFormatFactory.createFormatInstance(stderr, VerboseMode.NORMAL);
  }
}
