package io.pfagent.report;

import io.pfagent.kernel.FirstWriteCosts;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintWriter;
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
import picocli.CommandLine.Spec;

/** {@code calibrate}: what calls, system calls and page faults cost on this machine. */
@Command(
    name = "calibrate",
    description = "Measures what calls, system calls and page faults cost on this machine.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    footer = {
      "",
      "Takes some seconds, and changes no setting of the system. What else runs on the",
      "machine meanwhile is in the figures.",
      "",
      "Examples:",
      "  java -jar pfagent.jar calibrate",
      "  java -jar pfagent.jar calibrate --size 64m",
      "  java -jar pfagent.jar calibrate --html costs.html --record costs.jfr"
    })
final class CalibrateCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Option(
      names = "--size",
      paramLabel = "SIZE",
      defaultValue = "256m",
      description = "Memory whose pages are written, up to 1g (default: ${DEFAULT-VALUE}).")
  private String size;

  @Option(
      names = "--html",
      paramLabel = "OUT",
      description = "Also write the tables as a page to OUT.")
  private Path htmlOut;

  @Option(
      names = "--record",
      paramLabel = "FILE",
      description = "Also write the costs as a recording to FILE, a .jfr file.")
  private Path recordingOut;

  @Override
  public Integer call() {
    checkUsage();
    Calibration.checkMachine();
    Calibration calibration = Calibration.measure(bytes());
    Document document = CalibrationDocument.of(calibration);
    PrintWriter out = spec.commandLine().getOut();
    TextReport.print(document, out);
    // The figures are there, whatever becomes of the files.
    if (htmlOut != null) {
      write(htmlOut, file -> writePage(document, file));
    }
    if (recordingOut != null) {
      write(recordingOut, file -> CalibrationRecording.write(calibration, file));
    }
    if (out.checkError()) {
      throw new CommandException("cannot write to the standard output");
    }
    return CommandLine.ExitCode.OK;
  }

  private void checkUsage() {
    if (htmlOut != null
        && recordingOut != null
        && htmlOut.toAbsolutePath().normalize().equals(recordingOut.toAbsolutePath().normalize())) {
      throw new ParameterException(
          spec.commandLine(), "--html and --record would write the same file " + htmlOut);
    }
    if (recordingOut != null && ModuleLayer.boot().findModule("jdk.jfr").isEmpty()) {
      throw new CommandException(
          "this Java runtime lacks the module jdk.jfr, which writes recordings; use a full JDK: "
              + System.getProperty("java.home"));
    }
  }

  private long bytes() {
    try {
      return CalibrationSize.parse(size, FirstWriteCosts.unitBytes());
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  /** Writes a file anew. */
  private interface Format {
    void write(Path file) throws IOException;
  }

  private static void writePage(Document document, Path file) throws IOException {
    try (BufferedWriter writer = Files.newBufferedWriter(file)) {
      HtmlReport.write(document, writer);
    }
  }

  private static void write(Path target, Format format) {
    try {
      format.write(target);
    } catch (NoSuchFileException e) {
      throw new CommandException("cannot write " + target + ": its directory does not exist", e);
    } catch (AccessDeniedException e) {
      throw new CommandException("no permission to write " + target, e);
    } catch (IOException e) {
      throw new CommandException("cannot write " + target + ": " + e.getMessage(), e);
    }
  }
}
