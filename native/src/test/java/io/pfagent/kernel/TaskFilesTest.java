package io.pfagent.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The parsers of stat, io and status, on captured text. */
final class TaskFilesTest {

  private static final long TEN_MS = 10_000_000;

  private static final String STAT =
      "4612 (%s) S 4604 4604 2981 0 -1 4194304 103 7 5 9 31 12 0 0 20 0 27 0 172453 3133440 410"
          + " 18446744073709551615 1 1 0 0 0 0 0 0 0 0 0 0 17 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n";

  @ParameterizedTest
  @ValueSource(strings = {"java", "", "(a) b) (", ") R 1 2 3", "C2 CompilerThre", "1 2 3 4 5 6"})
  void statIsReadBehindAnyName(String name) {
    assertThat(TaskStat.parse(Ascii.bytes(STAT.formatted(name)), TEN_MS))
        .contains(new TaskStat(4612, 103, 5, 310_000_000, 120_000_000));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\n",
        "4612",
        "4612 (java",
        "4612 (java)",
        "4612 (java) S 4604 4604 2981 0 -1 4194304 103 7 5 9 31",
        "x (java) S 1 1 1 0 -1 4194304 103 7 5 9 31 12"
      })
  void brokenStatGivesNothing(String text) {
    assertThat(TaskStat.parse(Ascii.bytes(text), TEN_MS)).isEmpty();
  }

  @Test
  void ioTellsCallsNotBytes() {
    String text =
        """
        rchar: 6976
        wchar: 123
        syscr: 10
        syscw: 3
        read_bytes: 4096
        write_bytes: 0
        cancelled_write_bytes: 0
        """;

    assertThat(TaskIo.parse(Ascii.bytes(text))).contains(new TaskIo(10, 3));
  }

  @Test
  void missingIoGivesNothing() {
    assertThat(TaskIo.parse(Ascii.bytes(""))).isEmpty();
    assertThat(TaskIo.parse(Ascii.bytes("syscr: 10\n"))).isEmpty();
  }

  @Test
  void statusTellsVoluntaryFromInvoluntary() {
    String text =
        """
        Name:\tvoluntary_ctxt_switches: 9
        State:\tR (running)
        voluntary_ctxt_switches:\t150
        nonvoluntary_ctxt_switches:\t545
        """;

    assertThat(TaskStatus.parse(Ascii.bytes(text))).contains(new TaskStatus(150, 545));
  }

  @Test
  void cutStatusGivesNothing() {
    assertThat(TaskStatus.parse(Ascii.bytes("voluntary_ctxt_switches:\t150\nnonvolun"))).isEmpty();
  }
}
