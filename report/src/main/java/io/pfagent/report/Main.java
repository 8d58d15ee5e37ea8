package io.pfagent.report;

import java.io.PrintWriter;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line of pfagent: {@code java -jar pfagent.jar COMMAND}. */
public final class Main {

  private Main() {}

  /**
   * Runs one command. Never throws: what goes wrong is one line on {@code err}, and wrong usage is
   * that line and the usage text.
   *
   * @param args the command and its arguments
   * @param out receives what was asked for
   * @param err receives errors and warnings
   * @param agentJar pfagent.jar, which {@code attach} loads into other JVMs
   * @return the exit code: 0 done, 1 failed, 2 wrong usage
   */
  public static int run(String[] args, PrintWriter out, PrintWriter err, Path agentJar) {
    CommandLine commandLine =
        new CommandLine(new Pfagent())
            .addSubcommand(new ReportCommand())
            .addSubcommand(new AttachCommand(agentJar))
            .addSubcommand(new MergeCommand())
            .addSubcommand(new PreallocCommand())
            .addSubcommand(new CalibrateCommand())
            .addSubcommand(new DoctorCommand())
            .setOut(out)
            .setErr(err)
            // Output is often piped, and what it holds needs no colour.
            .setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF))
            .setParameterExceptionHandler((e, arguments) -> wrongUsage(e, err))
            .setExecutionExceptionHandler((e, command, parsed) -> failed(e, err));
    try {
      return commandLine.execute(args);
    } catch (OutOfMemoryError e) {
      return failed(
          new CommandException("out of memory; give the command more heap: java -Xmx4g -jar ..."),
          err);
    } finally {
      out.flush();
      err.flush();
    }
  }

  private static int wrongUsage(ParameterException e, PrintWriter err) {
    err.println("pfagent: " + Units.clean(e.getMessage()));
    e.getCommandLine().usage(err);
    return CommandLine.ExitCode.USAGE;
  }

  private static int failed(Exception e, PrintWriter err) {
    // Any other exception is a bug: its type is what a bug report needs.
    String message = e instanceof CommandException ? e.getMessage() : "unexpected error: " + e;
    err.println("pfagent: " + Units.clean(message));
    return CommandLine.ExitCode.SOFTWARE;
  }

  @Command(
      name = "pfagent",
      description = "Shows page faults of off-heap memory in running JVMs and in recordings.",
      synopsisSubcommandLabel = "COMMAND",
      mixinStandardHelpOptions = true,
      versionProvider = Version.class,
      footer = {
        "",
        "'pfagent COMMAND --help' describes a command.",
        "Exit code: 0 done, 1 failed, 2 wrong usage."
      })
  private static final class Pfagent implements Runnable {

    @Spec private CommandSpec spec;

    @Override
    public void run() {
      throw new ParameterException(spec.commandLine(), "which command?");
    }
  }
}
