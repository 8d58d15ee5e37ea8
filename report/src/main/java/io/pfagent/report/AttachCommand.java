package io.pfagent.report;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code attach PID [OPTIONS]}: loads the agent into a running JVM. The agent never fails that JVM;
 * it leaves its outcome in a system property there.
 */
@Command(
    name = "attach",
    description = "Loads the agent into a running JVM.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    footer = {
      "",
      "Only the user that runs the JVM, or root, can attach to it.",
      "",
      "Examples:",
      "  jps -l",
      "  java -jar pfagent.jar attach 4711",
      "  java -jar pfagent.jar attach 4711 record=/tmp/app.jfr,min-size=1m"
    })
final class AttachCommand implements Callable<Integer> {

  private final Path agentJar;

  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "PID", description = "The process id of the JVM.")
  private long pid;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "OPTIONS",
      defaultValue = "",
      description = "The agent's options: key=value,key=value")
  private String options;

  AttachCommand(Path agentJar) {
    this.agentJar = agentJar;
  }

  @Override
  public Integer call() {
    if (pid < 1 || pid > Integer.MAX_VALUE) {
      throw new ParameterException(
          spec.commandLine(), "PID must be the id of a process, it is '%d'".formatted(pid));
    }
    TargetProcess.checkModule();
    String jar = checkedJar();
    TargetProcess.check(pid);
    spec.commandLine().getOut().println(Units.clean(Attachment.load(pid, jar, options)));
    return CommandLine.ExitCode.OK;
  }

  private String checkedJar() {
    if (agentJar == null || !Files.isRegularFile(agentJar)) {
      throw new CommandException("the agent is not a jar file: " + agentJar);
    }
    String jar = agentJar.toAbsolutePath().normalize().toString();
    if (jar.contains("=")) {
      // The JVM takes what follows the first '=' for the agent's options.
      throw new CommandException("the path of the agent holds '='; copy it elsewhere: " + jar);
    }
    return jar;
  }
}
