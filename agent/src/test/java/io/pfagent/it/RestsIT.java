package io.pfagent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.pfagent.it.ForkedJvm.Result;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import jdk.jfr.consumer.RecordedEvent;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A program that does little but fault, or little but switch between threads: counting rests with
 * {@code sample=auto}, and only then.
 */
class RestsIT {

  private static final int BUFFERS = 180;
  private static final int BYTES = 64 << 20;
  private static final int FILES = 9;

  /** Of each way; they cost some four times of what may be spent at once. */
  private static final int HANDOVERS = 50_000;

  /** Among which auto chooses. */
  private static final Set<Long> PERIODS =
      Set.of(1L, 3L, 11L, 31L, 101L, 307L, 1009L, 3001L, 10007L);

  private static final long PAGES = (long) BUFFERS * (BYTES / 4096);

  @TempDir Path folder;

  static List<Jdk> jdks() {
    return Jdk.all();
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void whatGoesByUncountedIsAccountedFor(Jdk jdk) throws Exception {
    RecordedEvents events = record(jdk, "auto", "io.pfagent.app.AllocateForLong", BUFFERS, BYTES);

    RecordedEvent last = lastOfProcess(events);
    assertThat(last.getLong("restedFaults")).isGreaterThan(PAGES / 10);
    assertThat(last.getLong("userFaults"))
        .isBetween(PAGES * 97 / 100, all(last) - last.getLong("unattributedFaults"));
    Accounts.assertComplete(events);
    assertThat(faultsOn("direct-buffer", events)).isCloseTo(PAGES, withinPercentage(5));
    // Samples tell of the rests, but of the last one where the program ends in it.
    List<Long> weights =
        events.of("PageFault").stream().map(fault -> fault.getLong("weight")).toList();
    assertThat(weights).anyMatch(weight -> !PERIODS.contains(weight));
    assertThat(weights.stream().mapToLong(Long::longValue).sum())
        .isGreaterThan((all(last) - last.getLong("restedFaults")) * 95 / 100)
        .isLessThan(all(last) * 105 / 100);
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void majorFaultsOfARestAreNotTakenForOthers(Jdk jdk) throws Exception {
    RecordedEvents events = record(jdk, "auto", "io.pfagent.app.ReadColdFiles", FILES, BYTES);

    RecordedEvent last = lastOfProcess(events);
    long major = last.getLong("majorFaults");
    assumeTrue(
        major > FILES * (BYTES / 4096) * 9L / 10,
        "skipped: fresh files are in memory here, there is no major fault to be had");
    assertThat(last.getLong("restedFaults")).isGreaterThan(major / 4);
    Accounts.assertComplete(events);
    assertThat(faultsOn("mapped-file", events)).isCloseTo(major, withinPercentage(5));
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void allRestsWhereThreadsHandOverAllTheTime(Jdk jdk) throws Exception {
    RecordedEvents events = record(jdk, "auto", "io.pfagent.app.HandOver", BYTES);

    assertThat(lastOfProcess(events).getLong("restedFaults")).isGreaterThanOrEqualTo(BYTES / 4096);
    Accounts.assertComplete(events);
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void withAPeriodOfTheUsersOwnSwitchesArePaidFor(Jdk jdk) throws Exception {
    RecordedEvents events = record(jdk, "100", "io.pfagent.app.HandOver", BYTES, HANDOVERS);

    assertThat(lastOfProcess(events).getLong("restedFaults")).isZero();
    Accounts.assertComplete(events);
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void withAPeriodOfTheUsersOwnEachFaultIsCounted(Jdk jdk) throws Exception {
    RecordedEvents events = record(jdk, "100", "io.pfagent.app.AllocateForLong", BUFFERS, BYTES);

    RecordedEvent last = lastOfProcess(events);
    assertThat(last.getLong("restedFaults")).isZero();
    assertThat(last.getLong("userFaults"))
        .isBetween(PAGES, all(last) - last.getLong("unattributedFaults"));
    assertThat(faultsOn("direct-buffer", events)).isCloseTo(PAGES, withinPercentage(2));
  }

  private RecordedEvents record(Jdk jdk, String sample, String program, int... numbers)
      throws Exception {
    Path recording = folder.resolve("rests.jfr");
    Result result =
        new ForkedJvm(jdk)
            .agent("record=" + recording + ",stacks=leaf,sample=" + sample)
            .run(
                Stream.concat(Stream.of(program), IntStream.of(numbers).mapToObj(Integer::toString))
                    .toArray(String[]::new));
    assertThat(result.exit()).as(result.err()).isZero();
    return RecordedEvents.read(recording);
  }

  private static RecordedEvent lastOfProcess(RecordedEvents events) {
    List<RecordedEvent> process = events.of("ProcessFaults");
    return process.get(process.size() - 1);
  }

  private static long all(RecordedEvent process) {
    return process.getLong("minorFaults") + process.getLong("majorFaults");
  }

  /** As the agent tells at the end. */
  private static long faultsOn(String kind, RecordedEvents events) {
    List<RecordedEvent> kinds =
        events.of("MemoryKind").stream()
            .filter(event -> event.getString("kind").equals(kind))
            .toList();
    return kinds.get(kinds.size() - 1).getLong("faults");
  }
}
