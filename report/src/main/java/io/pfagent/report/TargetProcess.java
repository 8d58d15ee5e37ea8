package io.pfagent.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Looks at a process before it is attached to. Attaching sends SIGQUIT, which ends a process that
 * does not expect it, and stops some servers that do: only a JVM may get it.
 */
final class TargetProcess {

  /** SIGQUIT is signal 3; the lowest bit is signal 1 (SigCgt in proc_pid_status(5)). */
  private static final long SIGQUIT_BIT = 1L << 2;

  private static final Pattern EFFECTIVE_USER = Pattern.compile("(?m)^Uid:\\s+\\d+\\s+(\\d+)");
  private static final Pattern CAUGHT_SIGNALS = Pattern.compile("(?m)^SigCgt:\\s+(\\p{XDigit}+)");

  private TargetProcess() {}

  /**
   * Checks that this runtime can attach.
   *
   * @throws CommandException if it lacks the module for it
   */
  static void checkModule() {
    if (ModuleLayer.boot().findModule("jdk.attach").isEmpty()) {
      throw new CommandException(
          "this Java runtime lacks the module jdk.attach; run the command with the java of a JDK, "
              + "not of a JRE: "
              + System.getProperty("java.home"));
    }
  }

  /**
   * Checks that a process is a JVM that this user may attach to.
   *
   * @throws CommandException if it is not
   */
  static void check(long pid) {
    if (pid == ProcessHandle.current().pid()) {
      throw new CommandException(
          "process " + pid + " is this command itself; name the JVM to look into");
    }
    if (ProcessHandle.of(pid).isEmpty()) {
      throw new CommandException("there is no process " + pid + "; 'jps -l' lists the JVMs");
    }
    if (isLinux()) {
      checkOnLinux(pid);
    }
  }

  private static boolean isLinux() {
    return System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("linux");
  }

  private static void checkOnLinux(long pid) {
    Path directory = Path.of("/proc", Long.toString(pid));
    try {
      String status = Files.readString(directory.resolve("status"));
      checkUser(pid, status, Files.readString(Path.of("/proc/self/status")));
      if (!hasLibjvm(directory)) {
        throw new CommandException("process " + pid + " is no JVM; 'jps -l' lists the JVMs");
      }
      if (!catchesQuit(status)) {
        throw new CommandException(
            "process "
                + pid
                + " does not listen for attaching: it is just starting, or runs with"
                + " -Xrs");
      }
    } catch (IOException e) {
      throw new CommandException(
          "cannot look at process %d in /proc, it may have ended: %s"
              .formatted(pid, e.getMessage()),
          e);
    }
  }

  /** Compares the effective users in two /proc/PID/status files. */
  static void checkUser(long pid, String status, String ownStatus) {
    String user = find(EFFECTIVE_USER, status);
    String self = find(EFFECTIVE_USER, ownStatus);
    if (!self.equals(user) && !"0".equals(self)) {
      Optional<String> name = ProcessHandle.of(pid).flatMap(process -> process.info().user());
      throw new CommandException(
          "process %d belongs to user %s; attach as that user: sudo -u %s java -jar ..."
              .formatted(pid, name.orElse(user), name.orElse("#" + user)));
    }
  }

  private static boolean hasLibjvm(Path directory) throws IOException {
    try (Stream<String> maps = Files.lines(directory.resolve("maps"))) {
      return maps.anyMatch(line -> line.endsWith("/libjvm.so"));
    }
  }

  private static boolean catchesQuit(String status) {
    return (Long.parseUnsignedLong(find(CAUGHT_SIGNALS, status), 16) & SIGQUIT_BIT) != 0;
  }

  private static String find(Pattern pattern, String status) {
    Matcher matcher = pattern.matcher(status);
    if (!matcher.find()) {
      throw new CommandException("/proc/PID/status does not match " + pattern);
    }
    return matcher.group(1);
  }
}
