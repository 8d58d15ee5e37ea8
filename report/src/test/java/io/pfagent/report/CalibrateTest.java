package io.pfagent.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.pfagent.kernel.Rusage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The command on this machine: what it shows and leaves behind, not how long anything takes. */
final class CalibrateTest {

  private static final String PAGES_OF_16_MB = "4,096";

  @TempDir private Path directory;

  @BeforeEach
  void needsThisMachine() {
    assumeThat(Rusage.capability().available()).as(Rusage.capability().reason()).isTrue();
  }

  @Test
  void tablesPageAndRecordingSayTheSame() throws IOException {
    Path page = directory.resolve("costs.html");
    Path recording = directory.resolve("costs.jfr");

    Cli result =
        Cli.run(
            null,
            "calibrate",
            "--size",
            "16m",
            "--html",
            page.toString(),
            "--record",
            recording.toString());

    assertThat(result).returns("", Cli::err).returns(0, Cli::exitCode);
    assertThat(result.out())
        .contains("Java method", "labs(n), JNA", "getrusage(RUSAGE_THREAD)", "hello_kernel()");
    assumeThat(result.out()).as("pages of 4 kB").contains("pages of 4.0 kB");
    assertOneFaultPerPage(result.out());
    assertThat(Files.readString(page))
        .startsWith("<!DOCTYPE html>")
        .contains("<td class=\"phrase\">getrusage(RUSAGE_THREAD)</td>", PAGES_OF_16_MB)
        .doesNotContain("<script", "http");
    assertRecording(recording);
    assertThat(Cli.report(recording).out()).contains("first-write-1-base, 4,096 pages, random");
  }

  private static void assertOneFaultPerPage(String out) {
    for (String order : List.of("sequential", "random")) {
      assertThat(out.lines().filter(line -> line.matches(" +" + order + " +1 +base .*")))
          .singleElement()
          .asString()
          .containsPattern(" " + PAGES_OF_16_MB + " +1\\.000 ");
    }
  }

  private static void assertRecording(Path recording) throws IOException {
    List<RecordedEvent> events = RecordingFile.readAllEvents(recording);
    assertThat(events)
        .extracting(event -> event.getEventType().getName())
        .containsOnly("pfagent.CostCalibration");
    assertThat(events)
        .extracting(event -> event.getString("operation"))
        .contains("java-call", "jna-call", "getrusage", "madvise", "first-write-1-base");
    assertThat(events)
        .filteredOn(event -> event.getString("operation").startsWith("first-write"))
        .allSatisfy(
            event -> {
              assertThat(event.getLong("pages")).isEqualTo(4096);
              assertThat(event.getDuration("cost").toNanos()).isPositive();
              assertThat(event.getLong("samples")).isEqualTo(5);
            })
        .extracting(event -> event.getString("pattern"))
        .contains("sequential", "random");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "1k", "-16m", "16 m", "16mb", "2g", "many", "", "9999999999999999"})
  void sizesThatAreNoneAreWrongUsage(String size) {
    assertThat(Cli.run(null, "calibrate", "--size=" + size))
        .returns(2, Cli::exitCode)
        .returns("", Cli::out)
        .extracting(Cli::err)
        .asString()
        .startsWith("pfagent: --size must be a size from ")
        .contains("it is '" + size + "'", "Usage: pfagent calibrate");
  }

  @Test
  void oneFileCannotHoldBoth() {
    String file = directory.resolve("costs").toString();
    String same = directory.resolve(".").resolve("costs").toString();

    assertThat(Cli.run(null, "calibrate", "--html", file, "--record", same))
        .returns(2, Cli::exitCode)
        .extracting(Cli::err)
        .asString()
        .contains("would write the same file");
  }

  @Test
  void theFiguresAreShownEvenIfAFileCannotBeWritten() {
    for (String option : List.of("--html", "--record")) {
      Path file = directory.resolve("none/costs");
      Cli result = Cli.run(null, "calibrate", "--size", "2m", option, file.toString());

      assertThat(result.exitCode()).isEqualTo(1);
      assertThat(result.out()).contains("What a call costs");
      assertThat(result.err())
          .isEqualTo("pfagent: cannot write %s: its directory does not exist%n".formatted(file));
    }
  }

  @Test
  void withoutLinuxOrJnaThereIsALine() throws Exception {
    Path home = Path.of(System.getProperty("java.home"));

    assertThat(Jvm.run(home, List.of("-Dos.name=Plan 9"), CliMain.class, "calibrate"))
        .isEqualTo(
            new Cli(
                1, "", "pfagent: cannot measure here: needs Linux, this is Plan 9%n".formatted()));
    assertThat(
            Jvm.run(
                home,
                List.of("-Djna.nounpack=true", "-Djna.nosys=true"),
                CliMain.class,
                "calibrate"))
        .returns(1, Cli::exitCode)
        .extracting(Cli::err)
        .asString()
        .startsWith("pfagent: cannot measure here: JNA cannot bind the C library")
        .hasLineCount(1);
  }

  @Test
  void withoutFlightRecorderThereIsALine() throws Exception {
    Path home = Path.of(System.getProperty("java.home"));
    List<String> noRecorder = List.of("--limit-modules", "java.base,java.logging,jdk.unsupported");

    assertThat(Jvm.run(home, noRecorder, CliMain.class, "calibrate", "--size", "2m").out())
        .contains("What a call costs");
    assertThat(Jvm.run(home, noRecorder, CliMain.class, "calibrate", "--record", "costs.jfr"))
        .returns(1, Cli::exitCode)
        .extracting(Cli::err)
        .asString()
        .contains("lacks the module jdk.jfr")
        .hasLineCount(1);
  }
}
