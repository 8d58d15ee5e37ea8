package io.pfagent.report;

import io.pfagent.chunk.JoinException;
import io.pfagent.chunk.JoinResult;
import io.pfagent.chunk.RecordingJoin;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code merge RECORDING SAMPLES -o OUT}: joins a recording and a sample file. */
@Command(
    name = "merge",
    description = "Joins a recording and the fault samples that were taken meanwhile.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    footer = {
      "",
      "The agent does so itself when a recording closes; this is for recordings whose JVM was",
      "killed, or that were made with merge=off. Samples of another time are left out.",
      "",
      "Examples:",
      "  java -jar pfagent.jar merge app.jfr app.samples -o joined.jfr",
      "  java -jar pfagent.jar merge app.jfr app.samples -o app.jfr",
      "  jfr assemble REPOSITORY app.jfr"
    })
final class MergeCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "RECORDING", description = "The recording, a .jfr file.")
  private Path recording;

  @Parameters(
      index = "1",
      paramLabel = "SAMPLES",
      description = "The sample file: a directory, or one segment of it.")
  private Path samples;

  @Option(
      names = {"-o", "--out"},
      required = true,
      paramLabel = "OUT",
      description = "Where the joined recording goes; may be RECORDING. Replaced if it exists.")
  private Path out;

  @Override
  public Integer call() {
    JoinResult result;
    try {
      result = RecordingJoin.join(recording, samples, out);
    } catch (JoinException e) {
      throw new CommandException(e.getMessage(), e);
    }
    spec.commandLine()
        .getOut()
        .printf("%s: %s joined%n", out, Units.plural(result.joined(), "sample"));
    warn(result.leftOut(), "%s of another time than the recording left out%n");
    warn(result.dropped(), "%s were dropped while they were taken: samples-max was reached%n");
    return CommandLine.ExitCode.OK;
  }

  private void warn(long samples, String message) {
    if (samples > 0) {
      spec.commandLine()
          .getErr()
          .printf("pfagent: warning: " + message, Units.plural(samples, "sample"));
    }
  }
}
