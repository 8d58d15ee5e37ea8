package io.pfagent.report;

import io.pfagent.kernel.SystemSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code doctor}: what this machine allows this user, what it denies, and what to do about it. */
@Command(
    name = "doctor",
    description = "Tells what this machine allows, what it denies, and what to do about it.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    footer = {
      "",
      "Run it as the user, and in the container, in which the application runs.",
      "",
      "Examples:",
      "  java -jar pfagent.jar doctor",
      "  java -jar pfagent.jar doctor --restore"
    })
final class DoctorCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Option(
      names = "--restore",
      description = "Put back settings of the kernel that a killed JVM has left changed.")
  private boolean restore;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    return restore ? restore(out) : examine(out);
  }

  private static int examine(PrintWriter out) {
    for (Check check : MachineChecks.of(MachineFacts.read())) {
      out.printf("  %-7s  %-16s  %s%n", check.word(), check.name(), Units.clean(check.finding()));
      if (check.advice() != null) {
        Paragraph.print(out, "           > " + check.advice());
      }
    }
    return CommandLine.ExitCode.OK;
  }

  private static int restore(PrintWriter out) {
    List<SystemSettings.Outcome> outcomes;
    try {
      outcomes = SystemSettings.ofThisMachine().restore();
    } catch (IOException e) {
      throw new CommandException(
          "cannot restore by %s: %s; run it as root"
              .formatted(SystemSettings.STATE_FILE, e.getMessage()),
          e);
    }
    if (outcomes.isEmpty()) {
      out.println("nothing to restore");
    }
    for (SystemSettings.Outcome outcome : outcomes) {
      out.printf("/%s: %s%n", outcome.setting(), Units.clean(outcome.message()));
    }
    return outcomes.stream().allMatch(SystemSettings.Outcome::settled)
        ? CommandLine.ExitCode.OK
        : CommandLine.ExitCode.SOFTWARE;
  }
}
