package io.pfagent.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Recordings of other JVMs, and reports made by other JVMs. */
@Timeout(180)
final class WholeProgramTest {

  private static final Path OWN_HOME = Path.of(System.getProperty("java.home"));

  @TempDir private Path directory;

  @ParameterizedTest
  @MethodSource("io.pfagent.report.Jvm#homes")
  void recordingFromTheStartOfAnyJvm(Path home) throws Exception {
    Path recording = record(home, 3, Recordings.MB);
    Cli result = Cli.report(recording);
    assertThat(result).returns("", Cli::err).returns(0, Cli::exitCode);
    // What precedes the first sample counts too: 3 regions of 256 pages, 10,000 of the JVM.
    assertThat(result.out())
        .containsPattern("JVM +.*VM \\(.*\\), pid \\d+")
        .containsPattern("since JVM start, all recorded +10,768 ")
        .doesNotContain("while recorded   ")
        .contains("tracked regions account for 768 of 10,768 (7.1 %)");
  }

  @ParameterizedTest
  @MethodSource("io.pfagent.report.Jvm#homes")
  void reportByAnyJvm(Path home) throws Exception {
    Path recording = record(OWN_HOME, 3, Recordings.MB);
    Cli result = Jvm.run(home, List.of(), CliMain.class, "report", recording.toString());
    assertThat(result).returns("", Cli::err).returns(0, Cli::exitCode);
    assertThat(result.out()).contains("tracked regions account for 768 of 10,768");
  }

  @Test
  void manyRegionsNeedLittleMemory() throws Exception {
    int regions = 200_000;
    Path recording = record(OWN_HOME, regions, 8192);
    Cli result =
        Jvm.run(
            OWN_HOME,
            List.of("-Xmx64m"),
            CliMain.class,
            "report",
            recording.toString(),
            "--top",
            "1",
            "--json",
            "-");
    assertThat(result).returns("", Cli::err).returns(0, Cli::exitCode);
    Json json = Json.parse(result.out());
    assertThat(json.at("sites", "top", 0, "regions")).isEqualTo((long) regions);
    assertThat(json.at("sites", "top", 0, "liveRegions")).isEqualTo(regions / 2L);
    assertThat(json.at("sites", "top", 0, "allocationFaults")).isEqualTo(2L * regions);
    assertThat(json.at("regions", "total")).isEqualTo((long) regions);
  }

  @Test
  void tooLittleMemoryIsAClearError() throws Exception {
    Path recording = record(OWN_HOME, 200_000, 8192);
    Cli result =
        Jvm.run(OWN_HOME, List.of("-Xmx8m"), CliMain.class, "report", recording.toString());
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.err()).contains("out of memory").contains("-Xmx").hasLineCount(1);
  }

  @Test
  void runtimeWithoutFlightRecorder() throws Exception {
    Path recording = record(OWN_HOME, 1, 4096);
    Cli result =
        Jvm.run(
            OWN_HOME,
            List.of("--limit-modules", "java.base,java.logging,java.sql"),
            CliMain.class,
            "report",
            recording.toString());
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.err()).contains("lacks the module jdk.jfr").hasLineCount(1);
  }

  private Path record(Path home, int regions, long size) throws Exception {
    Path file = directory.resolve("app.jfr");
    Cli result =
        Jvm.run(
            home,
            List.of(),
            SampleApp.class,
            file.toString(),
            Integer.toString(regions),
            Long.toString(size));
    assertThat(result.exitCode()).as(result.err()).isZero();
    return file;
  }
}
