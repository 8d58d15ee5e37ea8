package io.pfagent.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Talks to the bean of a real JVM, which only keeps the agent's names. */
@Timeout(120)
final class PreallocTest {

  private static final Path OWN_HOME = Path.of(System.getProperty("java.home"));

  private Process target;

  @AfterEach
  void endTarget() {
    if (target != null) {
      target.destroyForcibly();
    }
  }

  @ParameterizedTest
  @MethodSource("io.pfagent.report.Jvm#homes")
  void settingIsShownChangedAndTakenBack(Path home) throws IOException {
    start(home, FakePreallocation.class);
    assertThat(prealloc())
        .returns(0, Cli::exitCode)
        .returns("", Cli::err)
        .extracting(Cli::out)
        .asString()
        .containsPattern("pages per fault +1\\R")
        .containsPattern("can be had +1, 16, 512\\R")
        .containsPattern("unused +3\\.0 MB")
        .containsPattern("backends +thp: 512\\R +mthp: denied\\R")
        // What this agent does not have is unknown, not an error.
        .containsPattern("zeroing by +-\\R");
    assertThat(prealloc("16")).isEqualTo(new Cli(0, "set to 16%n".formatted(), ""));
    assertThat(prealloc("auto")).isEqualTo(new Cli(0, "chosen for each region%n".formatted(), ""));
    assertThat(prealloc().out()).contains("16, chosen by the agent for each region");
    assertThat(prealloc("off").out())
        .isEqualTo("process: back to 1%nregion 7: stays until it is freed%n".formatted());
    assertThat(prealloc().out()).containsPattern("pages per fault +1\\R");
    assertThat(target.isAlive()).isTrue();
  }

  @Test
  void wrongNumberNamesTheRightOnes() throws IOException {
    start(OWN_HOME, FakePreallocation.class);
    assertThat(prealloc("1000"))
        .isEqualTo(
            new Cli(
                1,
                "",
                "pfagent: pages must be from 1 to 512, not 1000; this JVM supports 1, 16, 512 pages"
                    + " per fault%n".formatted()));
    assertThat(prealloc("13").err()).contains("read-only").hasLineCount(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "many", "16k", "99999999999"})
  void noNumberIsWrongUsage(String pages) {
    Cli result = Cli.run(null, "prealloc", "1", pages);
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err())
        .startsWith(
            "pfagent: N must be a number from 1 on, auto or off, it is '%s'%n".formatted(pages));
  }

  @Test
  void jvmWithoutTheAgentTellsHowToAttach() throws IOException {
    start(OWN_HOME, Target.class);
    Cli result = prealloc();
    assertThat(result).returns(1, Cli::exitCode).returns("", Cli::out);
    assertThat(result.err())
        .contains(
            "it does not run the agent (attach it: java -jar pfagent.jar attach %d)"
                .formatted(target.pid()))
        .hasLineCount(1);
  }

  @Test
  void processThatIsNoJvmSurvives() throws IOException {
    target = new ProcessBuilder("sleep", "1000").start();
    assertThat(prealloc("16"))
        .returns(1, Cli::exitCode)
        .extracting(Cli::err)
        .asString()
        .contains("process " + target.pid() + " is no JVM");
    assertThat(target.isAlive()).isTrue();
  }

  @Test
  void runtimeWithoutTheAttachModule() throws Exception {
    Cli result =
        Jvm.run(
            OWN_HOME,
            List.of("--limit-modules", "java.base,java.logging,java.sql,java.management"),
            CliMain.class,
            "prealloc",
            "1");
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.err()).contains("lacks the module jdk.attach").hasLineCount(1);
  }

  private void start(Path home, Class<?> main) throws IOException {
    assumeThat(Path.of("/proc/self/status"))
        .as("the target's readiness is checked in /proc")
        .exists();
    target = Jvm.start(home, List.of(), main);
    assertThat(target.inputReader(StandardCharsets.UTF_8).readLine()).isEqualTo("ready");
  }

  private Cli prealloc(String... pages) {
    String pid = Long.toString(target.pid());
    return pages.length == 0
        ? Cli.run(null, "prealloc", pid)
        : Cli.run(null, "prealloc", pid, pages[0]);
  }
}
