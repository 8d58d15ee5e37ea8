package io.pfagent.report;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code report FILE}: what faulted, where, why and what it cost. */
@Command(
    name = "report",
    description = "Tells what faulted in a recording, where, and what it cost.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    footer = {
      "",
      "Examples:",
      "  java -javaagent:pfagent.jar=record=app.jfr -jar app.jar",
      "  java -jar pfagent.jar report app.jfr",
      "  java -jar pfagent.jar report app.jfr --top 50",
      "  java -jar pfagent.jar report app.jfr --html app.html",
      "  java -jar pfagent.jar report app.jfr --json - | jq .sites"
    })
final class ReportCommand implements Callable<Integer> {

  private static final String STANDARD_OUTPUT = "-";

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "FILE", description = "The recording, a .jfr file.")
  private Path file;

  @Option(
      names = "--json",
      paramLabel = "OUT",
      description = "Also write the report as JSON to OUT; '-' writes only JSON, to the output.")
  private String jsonOut;

  @Option(
      names = "--html",
      paramLabel = "OUT",
      description = "Also write the report as a page to OUT.")
  private Path htmlOut;

  @Option(
      names = "--top",
      paramLabel = "N",
      defaultValue = "10",
      description = "How many rows a table has at most (default: ${DEFAULT-VALUE}).")
  private int top;

  @Override
  public Integer call() {
    checkUsage();
    if (ModuleLayer.boot().findModule("jdk.jfr").isEmpty()) {
      throw new CommandException(
          "this Java runtime lacks the module jdk.jfr, which reads recordings; use a full JDK: "
              + System.getProperty("java.home"));
    }
    PrintWriter out = spec.commandLine().getOut();
    Summary summary;
    try (RecordingSource source = RecordingSource.open(file)) {
      summary = RecordingReader.read(source, top);
    }
    warnIfBroken(summary.file());
    Document document = ReportDocument.of(summary);
    if (htmlOut != null) {
      write(htmlOut, writer -> HtmlReport.write(document, writer));
    }
    if (STANDARD_OUTPUT.equals(jsonOut)) {
      writeJson(summary, out);
    } else {
      if (jsonOut != null) {
        write(Path.of(jsonOut), writer -> JsonReport.write(summary, writer));
      }
      TextReport.print(document, out);
    }
    if (out.checkError()) {
      throw new CommandException("cannot write to the standard output");
    }
    return CommandLine.ExitCode.OK;
  }

  private void checkUsage() {
    if (top < 1) {
      throw new ParameterException(
          spec.commandLine(), "--top must be 1 or more, it is '%d'".formatted(top));
    }
    if (jsonOut != null && !STANDARD_OUTPUT.equals(jsonOut)) {
      checkOutput("--json", Path.of(jsonOut));
    }
    if (htmlOut != null) {
      checkOutput("--html", htmlOut);
    }
  }

  private void checkOutput(String option, Path target) {
    if (isSameFile(target, file)) {
      throw new ParameterException(
          spec.commandLine(), option + " would overwrite the recording " + file);
    }
  }

  private static boolean isSameFile(Path one, Path other) {
    try {
      return Files.isSameFile(one, other);
    } catch (IOException e) {
      // One of them does not exist, which is an error only for the recording, and told there.
      return false;
    }
  }

  private void warnIfBroken(Summary.File recording) {
    if (!recording.isWhole()) {
      spec.commandLine()
          .getErr()
          .printf(
              "pfagent: warning: the tail of %s is broken; this is about its first %,d of %,d bytes%n",
              Units.clean(recording.path()), recording.readBytes(), recording.bytes());
    }
  }

  /** Writes a report to a writer, which stays open. */
  private interface Format {
    void write(Writer writer) throws IOException;
  }

  private static void write(Path target, Format format) {
    try (BufferedWriter writer = Files.newBufferedWriter(target)) {
      format.write(writer);
    } catch (NoSuchFileException e) {
      throw new CommandException("cannot write " + target + ": its directory does not exist", e);
    } catch (AccessDeniedException e) {
      throw new CommandException("no permission to write " + target, e);
    } catch (IOException e) {
      throw new CommandException("cannot write " + target + ": " + e.getMessage(), e);
    }
  }

  private static void writeJson(Summary summary, PrintWriter out) {
    try {
      JsonReport.write(summary, out);
    } catch (IOException e) {
      throw new CommandException("cannot write JSON: " + e.getMessage(), e);
    }
  }
}
