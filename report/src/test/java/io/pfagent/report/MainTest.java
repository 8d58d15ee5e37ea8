package io.pfagent.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MainTest {

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "no-such-command",
        "report",
        "report a.jfr b.jfr",
        "report a.jfr --top",
        "report a.jfr --top many",
        "report a.jfr --top 0",
        "report a.jfr --top -3",
        "report a.jfr --no-such-option",
        "attach",
        "attach seven",
        "attach 0",
        "attach -1",
        "attach 99999999999",
        "attach 1 a=b c=d",
        "prealloc",
        "prealloc 0",
        "prealloc seven",
        "prealloc 1 2 3",
        "doctor 1",
        "doctor --undo",
        "calibrate 1",
        "calibrate --size",
        "calibrate --size many"
      })
  void wrongUsageIsALineAndTheUsage(String arguments) {
    Cli result = Cli.run(null, arguments.isEmpty() ? new String[0] : arguments.split(" "));
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).startsWith("pfagent: ").contains("Usage: pfagent");
  }

  @Test
  void failureShowsNoUsage() {
    Cli result = Cli.run(null, "report", "none.jfr");
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.err()).doesNotContain("Usage");
  }

  @Test
  void helpListsTheCommands() {
    Cli result = Cli.run(null, "--help");
    assertThat(result.exitCode()).isZero();
    assertThat(result.out())
        .contains(
            "Usage: pfagent",
            "report",
            "attach",
            "prealloc",
            "calibrate",
            "doctor",
            "2 wrong usage");
  }

  @ParameterizedTest
  @ValueSource(strings = {"report", "attach", "prealloc", "calibrate", "doctor"})
  void helpOfACommandHasExamplesAndNoColour(String command) {
    Cli result = Cli.run(null, command, "--help");
    assertThat(result.exitCode()).isZero();
    assertThat(result.out())
        .contains("Usage: pfagent " + command, "Examples:", "java -jar pfagent.jar " + command)
        .doesNotContain("\u001b");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--version", "report --version", "attach --version"})
  void versionIsThatOfTheBuild(String arguments) {
    assertThat(Cli.run(null, arguments.split(" ")).out()).matches("pfagent \\d+\\.\\d+\\.\\d+\\R");
  }

  @Test
  void jsonCannotOverwriteTheRecording() throws Exception {
    Path recording = Files.writeString(directory.resolve("app.jfr"), "precious");
    Path same = directory.resolve(".").resolve("app.jfr");
    Cli result = Cli.report(recording, "--json", same.toString());
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err()).contains("would overwrite the recording");
    assertThat(recording).hasContent("precious");
  }

  @Test
  void jsonThatCannotBeWritten() throws Exception {
    Path recording =
        Recordings.record(
            directory.resolve("app.jfr"), () -> Recordings.allocation(1, 4096, 1, 500).commit());
    Path noDirectory = directory.resolve("none/report.json");
    assertThat(Cli.report(recording, "--json", noDirectory.toString()))
        .returns(1, Cli::exitCode)
        .returns(
            "pfagent: cannot write %s: its directory does not exist%n".formatted(noDirectory),
            Cli::err);
    assertThat(Cli.report(recording, "--json", directory.toString()))
        .returns(1, Cli::exitCode)
        .extracting(Cli::err)
        .asString()
        .startsWith("pfagent: cannot write " + directory)
        .hasLineCount(1);
  }

  /** In pfagent.jar a loader of its own holds the command line, and only the platform above it. */
  @Test
  void runsInAnIsolatedClassLoader() throws Exception {
    List<URL> urls = new ArrayList<>();
    for (String entry : Jvm.classPath().split(File.pathSeparator)) {
      urls.add(Path.of(entry).toUri().toURL());
    }
    Path recording =
        Recordings.record(
            directory.resolve("app.jfr"), () -> Recordings.allocation(1, 4096, 1, 500).commit());
    try (URLClassLoader isolated =
        new URLClassLoader(urls.toArray(new URL[0]), ClassLoader.getPlatformClassLoader())) {
      assertThat(runIn(isolated, "report", recording.toString(), "--json", "-"))
          .contains("\"schemaVersion\" : 1");
      assertThat(runIn(isolated, "--version")).startsWith("pfagent ");
      assertThat(runIn(isolated, "attach", "1")).contains("the agent is not a jar file");
    }
  }

  private static String runIn(ClassLoader loader, String... args) throws Exception {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(null);
    try {
      Method run =
          loader
              .loadClass(Main.class.getName())
              .getMethod("run", String[].class, PrintWriter.class, PrintWriter.class, Path.class);
      assertThat(run.getDeclaringClass()).isNotEqualTo(Main.class);
      StringWriter text = new StringWriter();
      run.invoke(null, args, new PrintWriter(text), new PrintWriter(text), null);
      return text.toString();
    } finally {
      thread.setContextClassLoader(before);
    }
  }
}
