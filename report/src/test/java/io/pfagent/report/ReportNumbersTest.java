package io.pfagent.report;

import static io.pfagent.report.Recordings.MB;
import static io.pfagent.report.Recordings.allocation;
import static io.pfagent.report.Recordings.free;
import static io.pfagent.report.Recordings.process;
import static io.pfagent.report.Recordings.statistics;
import static io.pfagent.report.Recordings.thread;
import static io.pfagent.report.Recordings.touch;
import static org.assertj.core.api.Assertions.assertThat;

import io.pfagent.report.Events.Capability;
import io.pfagent.report.Events.CostCalibration;
import io.pfagent.report.Events.KernelSettings;
import io.pfagent.report.Events.ProcessFaults;
import io.pfagent.report.Events.RegionAllocation;
import io.pfagent.report.Events.RegionTouch;
import io.pfagent.report.Events.ThreadFaults;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One recording with a bit of everything, and each number of its report. */
final class ReportNumbersTest {

  private static final String HERE = ReportNumbersTest.class.getName();

  @TempDir private static Path directory;

  private static Path recording;
  private static Json json;
  private static String text;

  @BeforeAll
  static void recordAndReport() throws Exception {
    recording = Recordings.record(directory.resolve("app.jfr"), ReportNumbersTest::commitAll);
    Path jsonFile = directory.resolve("report.json");
    Cli result = Cli.report(recording, "--json", jsonFile.toString());
    assertThat(result).returns(0, Cli::exitCode).returns("", Cli::err);
    text = result.out();
    json = Json.parse(Files.readString(jsonFile));
  }

  private static void commitAll() {
    environment();
    allocation(6, MB, 50, 25_000).commit();
    ProcessFaults first = process(1_000, 3, 500_000);
    first.userFaults = 900;
    first.kernelFaults = 80;
    first.unattributedFaults = 20;
    first.restedFaults = 100;
    first.commit();
    // The end of region 2 comes before its begin, as it may within a file.
    free(2, 8 * MB, 5_000_000, 2_060, 1_030_000).commit();
    buffers();
    mappedFile();
    touches();
    // Region 5 is older than the recording: only the agent's own account tells of it.
    statistics(5, 64 * MB, 32 * MB, 9_000, 4_500_000, "org.example.Store.open:7").commit();
    threads();
    ProcessFaults last = process(21_000, 4, 10_500_000);
    last.userFaults = 18_900;
    last.kernelFaults = 1_080;
    last.unattributedFaults = 1_024;
    last.restedFaults = 2_600;
    last.residentBytes = 512 * MB;
    last.commit();
    // Later than the last process counters, so it is no part of their faults.
    allocation(7, MB, 70, 35_000).commit();
  }

  private static void environment() {
    new KernelSettings().commit();
    CostCalibration calibration = new CostCalibration();
    calibration.cost = 500;
    calibration.samples = 64;
    calibration.commit();
    Capability perf = new Capability();
    perf.name = "perf";
    perf.reason = "EACCES: perf_event_paranoid is 4";
    perf.fallback = "counts without samples";
    perf.commit();
    Capability rusage = new Capability();
    rusage.name = "getrusage";
    rusage.available = true;
    rusage.commit();
  }

  private static void buffers() {
    allocation(1, 64 * MB, 16_384, 8_192_000).commit();
    allocation(2, 8 * MB, 2_048, 1_024_000).commit();
  }

  private static void mappedFile() {
    RegionAllocation mapped = allocation(3, 16 * MB, 0, 0);
    mapped.kind = "mapped-file";
    mapped.path = "/data/index/segment.cfs";
    mapped.zeroing = "none";
    mapped.commit();
    statistics(3, 16 * MB, 4 * MB, 0, 0, null).commit();
    statistics(3, 16 * MB, 12 * MB, 0, 0, null).commit();
  }

  private static void touches() {
    RegionTouch load = touch(3, 16 * MB, 256, 128_000);
    load.operation = "load";
    load.method = "java.nio.MappedByteBuffer.load";
    load.majorFaults = 4;
    load.commit();
    for (int i = 0; i < 2; i++) {
      touch(2, MB, 6, 3_000).commit();
    }
    touch(0, 4096, 1, 500).commit();
  }

  private static void threads() {
    for (int faults = 100; faults <= 500; faults += 400) {
      ThreadFaults own = thread(Thread.currentThread(), 4711, "java", faults);
      own.userTime = 300_000_000;
      own.systemTime = 100_000_000;
      own.readCalls = 17;
      own.commit();
    }
    thread(null, 4712, "C2 CompilerThre", 40).commit();
    thread(null, 4712, "C2 CompilerThre", 50).commit();
    // The kernel's thread is the JVM's own before and after it is one of Java.
    thread(null, 4713, "java", 10).commit();
    thread(Thread.currentThread(), 4713, "java", 20).commit();
    thread(null, 4713, "java", 35).commit();
    // Another thread has got the number of one that has ended.
    thread(null, 4714, "java", 8).commit();
    thread(Thread.currentThread(), 4714, "java", 7).commit();
  }

  @Test
  void processFaultsAreThoseBetweenTheFirstAndTheLastSample() {
    assertThat(json.at("process", "recordedFromStart")).isEqualTo(false);
    assertThat(json.at("process", "whileRecorded", "minorFaults")).isEqualTo(20_000L);
    assertThat(json.at("process", "whileRecorded", "majorFaults")).isEqualTo(1L);
    assertThat(json.at("process", "whileRecorded", "userFaults")).isEqualTo(18_000L);
    assertThat(json.at("process", "whileRecorded", "kernelFaults")).isEqualTo(1_000L);
    assertThat(json.at("process", "whileRecorded", "unattributedFaults")).isEqualTo(1_004L);
    assertThat(json.at("process", "whileRecorded", "restedFaults")).isEqualTo(2_500L);
    assertThat(json.at("process", "whileRecorded", "faultTimeNanos")).isEqualTo(10_000_000L);
    assertThat(json.at("process", "sinceStart", "minorFaults")).isEqualTo(21_000L);
    assertThat(json.at("process", "residentBytes")).isEqualTo(512 * MB);
    assertThat(text)
        .containsPattern("while recorded +20,000 +1 +18,000 +1,000 +1,004 +10\\.0 ms")
        .containsPattern("since JVM start +21,000 +4 +18,900 +1,080 +1,024 +10\\.5 ms");
  }

  @Test
  void regionsAccountForFaultsOfTheSameTime() {
    // Regions 1 and 2, the load and the two touches; not regions 6 and 7, nor the touch of none.
    long faults = 16_384 + 2_048 + 260 + 12;
    assertThat(json.at("process", "regionFaultsWhileRecorded")).isEqualTo(faults);
    assertThat(text).contains("tracked regions account for 18,704 of 20,001 (93.5 %)");
  }

  @Test
  void regionsOfOneSiteAreAddedUp() {
    assertThat(json.at("sites", "top", 0, "site")).asString().startsWith(HERE + ".buffers:");
    // Two lines of buffers() are two sites; the second has only region 2.
    assertThat(json.at("sites", "top", 1, "regions")).isEqualTo(1L);
    assertThat(json.at("sites", "top", 1, "sizeBytes")).isEqualTo(8 * MB);
    assertThat(json.at("sites", "top", 1, "liveRegions")).isEqualTo(0L);
    assertThat(json.at("sites", "top", 1, "allocationFaults")).isEqualTo(2_048L);
    assertThat(json.at("sites", "top", 1, "touchFaults")).isEqualTo(12L);
    assertThat(json.at("sites", "top", 1, "faultTimeNanos")).isEqualTo(1_030_000L);
    assertThat(json.at("sites", "top", 1, "faultsWhileRecorded")).isEqualTo(2_060L);
    assertThat(text)
        .containsPattern("buffers:\\d+ +1 +64\\.0 MB +1 +64\\.0 MB +16,384 +0 +8\\.2 ms +81\\.9 %")
        .containsPattern("buffers:\\d+ +1 +8\\.0 MB +0 +0 B +2,048 +12 +1\\.0 ms +10\\.3 %");
  }

  @Test
  void regionsComeByCost() {
    assertThat(json.at("regions", "total")).isEqualTo(6L);
    assertThat(List.of(0, 1, 2, 3, 4, 5))
        .extracting(i -> json.at("regions", "top", i, "regionId"))
        .containsExactly(1L, 5L, 2L, 3L, 7L, 6L);
  }

  @Test
  void freedRegionTellsItsLifetime() {
    assertThat(json.at("regions", "top", 2, "freed")).isEqualTo(true);
    assertThat(json.at("regions", "top", 2, "lifetimeNanos")).isEqualTo(5_000_000L);
    assertThat(json.at("regions", "top", 2, "faults")).isEqualTo(2_060L);
    assertThat(json.at("regions", "top", 2, "touchFaults")).isEqualTo(12L);
    assertThat(json.at("regions", "top", 0, "freed")).isEqualTo(false);
    assertThat(json.at("regions", "top", 0, "lifetimeNanos")).isNull();
    assertThat(text)
        .containsPattern("2  direct-buffer +8\\.0 MB +- +2,048 +12 +1\\.0 ms +5\\.0 ms");
  }

  @Test
  void mappedFileTellsItsPathAndItsLatestResidentPart() {
    assertThat(json.at("regions", "top", 3, "path")).isEqualTo("/data/index/segment.cfs");
    assertThat(json.at("regions", "top", 3, "residentBytes")).isEqualTo(12 * MB);
    assertThat(json.at("regions", "top", 3, "zeroing")).isEqualTo("none");
    assertThat(text)
        .containsPattern(
            "3  mapped-file +16\\.0 MB +75\\.0 % +0 +260 .*mappedFile:\\d+\\R +/data/index/segment.cfs");
  }

  @Test
  void regionOlderThanTheRecordingIsShownButNotCounted() {
    assertThat(json.at("regions", "top", 1, "faults")).isEqualTo(9_000L);
    assertThat(json.at("regions", "top", 1, "allocationFaults")).isNull();
    assertThat(json.at("regions", "top", 1, "touchFaults")).isEqualTo(0L);
    assertThat(json.at("regions", "top", 1, "site")).isEqualTo("org.example.Store.open:7");
    int last = json.sizeOf("sites", "top") - 1;
    assertThat(json.at("sites", "top", last, "site")).isEqualTo("org.example.Store.open:7");
    assertThat(json.at("sites", "top", last, "liveBytes")).isEqualTo(64 * MB);
    assertThat(json.at("sites", "top", last, "faultTimeNanos")).isEqualTo(0L);
  }

  @Test
  void touchesAreAddedUpByOperationAndPlace() {
    assertThat(json.at("touches", "total")).isEqualTo(3L);
    assertThat(json.at("touches", "top", 0, "operation")).isEqualTo("load");
    assertThat(json.at("touches", "top", 0, "majorFaults")).isEqualTo(4L);
    assertThat(json.at("touches", "top", 1, "events")).isEqualTo(2L);
    assertThat(json.at("touches", "top", 1, "touchedBytes")).isEqualTo(2 * MB);
    assertThat(json.at("touches", "top", 1, "minorFaults")).isEqualTo(12L);
    assertThat(text)
        .containsPattern(
            "load +java.nio.MappedByteBuffer.load .* 1 +16\\.0 MB +256 +4 +128\\.0 us");
  }

  @Test
  void threadsComeByFaultsWhileRecorded() {
    assertThat(json.at("threads", "top", 0, "name")).isEqualTo(Thread.currentThread().getName());
    assertThat(json.at("threads", "top", 0, "minorFaults")).isEqualTo(500L);
    assertThat(json.at("threads", "top", 0, "faultsWhileRecorded")).isEqualTo(400L);
    assertThat(json.at("threads", "top", 0, "readCalls")).isEqualTo(17L);
    assertThat(json.at("threads", "top", 0, "writeCalls")).isNull();
    assertThat(json.at("threads", "top", 1, "osThreadId")).isEqualTo(4713L);
    assertThat(json.at("threads", "top", 1, "name")).isEqualTo(Thread.currentThread().getName());
    assertThat(json.at("threads", "top", 1, "faultsWhileRecorded")).isEqualTo(25L);
    assertThat(json.at("threads", "top", 2, "name")).isEqualTo("C2 CompilerThre");
    assertThat(json.at("threads", "total")).isEqualTo(5L);
    assertThat(text).containsPattern("4711 +500 +0 +400 +300\\.0 ms +100\\.0 ms +25\\.0 %");
  }

  @Test
  void headerDescribesTheMachine() {
    assertThat(json.at("kernel", "release")).isEqualTo("6.18.0");
    assertThat(json.at("kernel", "memoryLimitBytes")).isNull();
    assertThat(json.at("calibrations", 0, "costNanos")).isEqualTo(500L);
    assertThat(text)
        .contains("6.18.0, pages of 4.0 kB, THP always [madvise] never")
        .contains("500 ns each: minor fault, 1 page, sequential (64 samples)");
  }

  @Test
  void onlyWhatWasDeniedIsListed() {
    assertThat(json.sizeOf("capabilities")).isEqualTo(2);
    assertThat(text)
        .contains("  perf: EACCES: perf_event_paranoid is 4; instead: counts without samples")
        .doesNotContain("getrusage");
  }

  @Test
  void aPoolIsSuggestedWhereRegionsComeAndGo() throws Exception {
    assertThat(json.sizeOf("suggestions")).isZero();
    Path churn =
        Recordings.record(
            directory.resolve("churn.jfr"),
            () -> {
              for (long id = 1; id <= 3; id++) {
                allocation(id, 64 * MB, 16_384, 8_192_000).commit();
                free(id, 64 * MB, 1_000_000, 16_384, 8_192_000).commit();
              }
            });
    assertThat(Cli.report(churn).out().replaceAll("\\s+", " "))
        .containsPattern(
            "keep the memory and use it again .*: .*:\\d+ \\(49,152 faults for 3 regions of 192\\.0 MB\\)");
  }

  @Test
  void linesFitTheTerminal() {
    assertThat(text.lines().filter(line -> !line.contains(directory.toString())))
        .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(Table.MAX_WIDTH));
  }

  @Test
  void topLimitsTablesAndSaysSo() throws Exception {
    assertThat(Cli.report(recording, "--top", "2").out())
        .contains("and 4 regions more (see --top)");
    Json two = Json.parse(Cli.report(recording, "--top", "2", "--json", "-").out());
    assertThat(two.sizeOf("regions", "top")).isEqualTo(2);
    assertThat(two.at("regions", "total")).isEqualTo(6L);
    assertThat(two.at("regions", "top", 1, "regionId")).isEqualTo(5L);
  }
}
