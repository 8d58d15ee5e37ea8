package io.pfagent.report;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code prealloc PID [N|auto|off]}: shows or sets the preallocation of a running JVM. */
@Command(
    name = "prealloc",
    description = "Shows or sets how many pages the kernel hands out per fault in a running JVM.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    footer = {
      "",
      "The JVM must run the agent. 1 is the kernel's normal behaviour; 'off' takes back all that",
      "was changed. Compare before and after with 'report'.",
      "",
      "Examples:",
      "  java -jar pfagent.jar prealloc 4711",
      "  java -jar pfagent.jar prealloc 4711 16",
      "  java -jar pfagent.jar prealloc 4711 auto",
      "  java -jar pfagent.jar prealloc 4711 off"
    })
final class PreallocCommand implements Callable<Integer> {

  private static final String AUTO = "auto";
  private static final String OFF = "off";

  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "PID", description = "The process id of the JVM.")
  private long pid;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "N",
      description = "Pages per fault, 'auto' to let the agent choose, or 'off'.")
  private String pages;

  @Override
  public Integer call() {
    if (pid < 1 || pid > Integer.MAX_VALUE) {
      throw new ParameterException(
          spec.commandLine(), "PID must be the id of a process, it is '%d'".formatted(pid));
    }
    int number = pages == null || AUTO.equals(pages) || OFF.equals(pages) ? 0 : number();
    TargetProcess.checkModule();
    TargetProcess.check(pid);
    PrintWriter out = spec.commandLine().getOut();
    try (PreallocationBean bean = PreallocationBean.connect(pid)) {
      if (pages == null) {
        PreallocationStatus.print(bean, out);
      } else if (OFF.equals(pages)) {
        bean.undo().forEach(line -> out.println(Units.clean(line)));
      } else if (AUTO.equals(pages)) {
        bean.setAutomatic();
        out.println(Units.clean(bean.text("LastChange")));
      } else {
        bean.setPages(number);
        out.println(Units.clean(bean.text("LastChange")));
      }
    }
    return CommandLine.ExitCode.OK;
  }

  private int number() {
    try {
      int number = Integer.parseInt(pages);
      if (number > 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      // What is no number is no better than a wrong one.
    }
    throw new ParameterException(
        spec.commandLine(), "N must be a number from 1 on, auto or off, it is '" + pages + "'");
  }
}
