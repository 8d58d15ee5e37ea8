package io.pfagent.report;

import static io.pfagent.report.Recordings.MB;
import static io.pfagent.report.WrittenRecording.java;
import static io.pfagent.report.WrittenRecording.symbol;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A recording with samples whose sums are known, and what the report makes of them. */
final class SampleReportTest {

  private static final long ADDRESS = 0x7f00_0000_0010L;
  private static final long PAGE = 4096;

  private static final Site.Frame SCAN = java("org.example.Store", "scan", 42);
  private static final Site.Frame MAIN = java("org.example.Main", "main", 7);
  private static final List<Site.Frame> SCANNING = List.of(SCAN, MAIN);
  private static final List<Site.Frame> FILLING =
      List.of(
          symbol("libc.so.6", "memset"), java("jdk.internal.misc.Unsafe", "setMemory", 100), MAIN);

  @TempDir private static Path directory;

  private static Json json;
  private static String text;
  private static long nanos;

  @BeforeAll
  static void writeAndReport() throws Exception {
    Path recording = directory.resolve("samples.jfr");
    try (WrittenRecording out = WrittenRecording.create(recording)) {
      writeAll(out);
    }
    Path jsonFile = directory.resolve("report.json");
    Cli result = Cli.report(recording, "--json", jsonFile.toString());
    assertThat(result).returns("", Cli::err).returns(0, Cli::exitCode);
    text = result.out();
    json = Json.parse(Files.readString(jsonFile));
  }

  private static void writeAll(WrittenRecording out) {
    process(out, 1_000, 0, 100);
    allocation(out, 1, "direct-buffer", 4 * MB, null);
    allocation(out, 2, "unsafe", 4 * MB, null);
    allocation(out, 3, "mapped-file", 16 * MB, "/data/segment.cfs");
    // Each page of region 1 in turn: 1,024 pages.
    for (long page = 0; page < 1_024; page++) {
      fault(out, 1, "direct-buffer", page * PAGE, false, 1, "complete", "scanner", FILLING);
    }
    // Every fourth page of the last eighth of region 2, at random: 32 pages, each for 10 faults.
    for (long i = 0; i < 32; i++) {
      long page = 896 + 4 * (i * 13 % 32);
      fault(out, 2, "unsafe", page * PAGE, false, 10, "leaf", "scanner", SCANNING);
    }
    for (long i = 0; i < 20; i++) {
      fault(out, 3, "mapped-file", i * PAGE, true, 1, "complete", "reader", SCANNING);
    }
    fault(out, 0, "java-heap", 0, false, 136, "none", "main", List.of());
    out.event("pfagent.LostSamples", tick(), 0, "main", List.of(), "lost", 7, "reason", "full");
    out.event(
        "pfagent.MemoryKind",
        tick(),
        0,
        "main",
        List.of(),
        "kind",
        "java-heap",
        "reservedBytes",
        512 * MB,
        "residentBytes",
        100 * MB,
        "hugeBytes",
        64 * MB,
        "faults",
        136,
        "faultTime",
        0);
    process(out, 3_480, 20, 400);
  }

  private static long tick() {
    nanos += 1_000;
    return nanos;
  }

  private static void process(WrittenRecording out, long minor, long major, long kernel) {
    process(out, minor, major, kernel, 0);
  }

  private static void process(
      WrittenRecording out, long minor, long major, long kernel, long rested) {
    out.event(
        "pfagent.ProcessFaults",
        tick(),
        0,
        "main",
        List.of(),
        "minorFaults",
        minor,
        "majorFaults",
        major,
        "userFaults",
        -1,
        "kernelFaults",
        kernel,
        "unattributedFaults",
        -1,
        "restedFaults",
        rested,
        "residentBytes",
        MB);
  }

  private static void allocation(
      WrittenRecording out, long id, String kind, long size, String path) {
    out.event(
        "pfagent.RegionAllocation",
        tick(),
        0,
        "main",
        List.of(MAIN),
        "regionId",
        id,
        "kind",
        kind,
        "address",
        ADDRESS,
        "size",
        size,
        "path",
        path == null ? "" : path,
        "minorFaults",
        0,
        "majorFaults",
        0,
        "preallocPages",
        1);
  }

  private static void fault(
      WrittenRecording out,
      long id,
      String kind,
      long offset,
      boolean major,
      long weight,
      String stackState,
      String thread,
      List<Site.Frame> stack) {
    out.event(
        "pfagent.PageFault",
        tick(),
        0,
        thread,
        stack,
        "regionId",
        id,
        "kind",
        kind,
        "address",
        ADDRESS + offset,
        "offset",
        offset,
        "major",
        major,
        "inKernel",
        false,
        "weight",
        weight,
        "stackState",
        stackState);
  }

  @Test
  void samplesStandForTheirWeight() {
    assertThat(json.at("samples", "samples")).isEqualTo(1_024L + 32 + 20 + 1);
    assertThat(json.at("samples", "faults")).isEqualTo(1_024L + 320 + 20 + 136);
    assertThat(json.at("samples", "smallestPeriod")).isEqualTo(1L);
    assertThat(json.at("samples", "largestPeriod")).isEqualTo(136L);
    assertThat(text)
        .contains("1,077 for 1,500 faults, each for 1 to 136")
        .contains("stacks: complete 96.9 %, leaf 3.0 %, none 0.1 %")
        .contains("7 lost, the figures are too low: full");
  }

  @Test
  void kindsComeByFaults() {
    assertThat(List.of(0, 1, 2, 3))
        .extracting(i -> json.at("samples", "kinds", i, "kind"))
        .containsExactly("direct-buffer", "unsafe", "java-heap", "mapped-file");
    assertThat(json.at("samples", "kinds", 1, "userFaults")).isEqualTo(320L);
    assertThat(json.at("samples", "kinds", 2, "residentBytes")).isEqualTo(100 * MB);
    assertThat(json.at("samples", "kinds", 3, "majorFaults")).isEqualTo(20L);
    // 2,500 faults while recorded.
    assertThat(text).containsPattern("direct-buffer +1,024 +- +41\\.0 % +0 ");
  }

  @Test
  void theAccountAddsUpToWhatTheKernelCounted() {
    assertThat(json.at("samples", "account", "allFaults")).isEqualTo(2_500L);
    assertThat(json.at("samples", "account", "userFaults")).isEqualTo(1_500L);
    assertThat(json.at("samples", "account", "kernelFaults")).isEqualTo(300L);
    assertThat(json.at("samples", "account", "unattributedFaults")).isEqualTo(700L);
    assertThat(text)
        .contains(
            "user side 1,500 + kernel side 300 + unattributed 700 = 2,500 that the kernel counted;"
                + " accounted for: 72.0 %");
  }

  @Test
  void whatWentByUncountedIsSaid() throws Exception {
    assertThat(text).doesNotContain("went by uncounted");
    Path recording = directory.resolve("rested.jfr");
    try (WrittenRecording out = WrittenRecording.create(recording)) {
      process(out, 0, 0, 0, 1_000);
      fault(out, 7, "unsafe", 0, false, 9_000, "complete", "main", FILLING);
      fault(out, 3, "mapped-file", 0, true, 40, "complete", "reader", SCANNING);
      process(out, 9_100, 50, 100, 6_000);
    }
    Path jsonFile = directory.resolve("rested.json");
    Cli result = Cli.report(recording, "--json", jsonFile.toString());

    assertThat(Json.parse(Files.readString(jsonFile)).at("samples", "account", "restedFaults"))
        .isEqualTo(5_000L);
    assertThat(result.out())
        .contains("5,000 of these went by uncounted while sample=auto rested")
        .contains("one that lived short may show more than it had")
        .contains("the kernel counted 50 while recorded, the samples tell of 40");
  }

  @Test
  void faultsOfTheKernelStandBesideTheOthers() throws Exception {
    Path recording = directory.resolve("kernel.jfr");
    try (WrittenRecording out = WrittenRecording.create(recording)) {
      process(out, 0, 0, 0);
      for (int i = 0; i < 40; i++) {
        out.event(
            "pfagent.PageFault",
            tick(),
            0,
            "reader",
            FILLING,
            "kind",
            "direct-buffer",
            "inKernel",
            i % 4 == 0,
            "weight",
            10);
      }
      process(out, 400, 0, 100);
    }
    Path jsonFile = directory.resolve("kernel.json");
    Cli result = Cli.report(recording, "--json", jsonFile.toString());

    Json report = Json.parse(Files.readString(jsonFile));
    assertThat(report.at("samples", "kinds", 0, "userFaults")).isEqualTo(300L);
    assertThat(report.at("samples", "kinds", 0, "kernelFaults")).isEqualTo(100L);
    assertThat(report.at("samples", "account", "userFaults")).isEqualTo(300L);
    assertThat(report.at("samples", "account", "unattributedFaults")).isEqualTo(0L);
    assertThat(report.at("samples", "sites", "top", 0, "faults")).isEqualTo(400L);
    assertThat(result.out())
        .containsPattern("direct-buffer +300 +100 +100\\.0 % ")
        .contains("user side 300 + kernel side 100 + unattributed 0 = 400");
  }

  @Test
  void sitesNameTheInnermostFrameAndTheApplication() {
    assertThat(json.at("samples", "sites", "top", 0, "method")).isEqualTo("memset (libc.so.6)");
    assertThat(json.at("samples", "sites", "top", 0, "application"))
        .isEqualTo("org.example.Main.main:7");
    assertThat(json.at("samples", "sites", "top", 0, "faults")).isEqualTo(1_024L);
    assertThat(json.at("samples", "sites", "top", 1, "method"))
        .isEqualTo("org.example.Store.scan:42");
    assertThat(json.at("samples", "sites", "top", 1, "application")).isNull();
    assertThat(json.at("samples", "sites", "top", 1, "samples")).isEqualTo(32L);
    assertThat(json.at("samples", "sites", "top", 2, "method")).isEqualTo(Stack.UNKNOWN);
    assertThat(json.at("samples", "sites", "top", 3, "majorFaults")).isEqualTo(20L);
  }

  @Test
  void regionsTellWhereAndInWhichOrder() {
    assertThat(json.at("samples", "regions", "top", 0, "regionId")).isEqualTo(1L);
    assertThat(json.at("samples", "regions", "top", 0, "where")).isEqualTo("all over");
    assertThat(json.at("samples", "regions", "top", 0, "order")).isEqualTo("sequential");
    assertThat(json.at("samples", "regions", "top", 0, "stridePages")).isEqualTo(1L);
    assertThat(json.at("samples", "regions", "top", 0, "faultsBySixteenth", 15)).isEqualTo(64L);
    assertThat(json.at("samples", "regions", "top", 1, "where")).isEqualTo("tail");
    assertThat(json.at("samples", "regions", "top", 1, "faultsBySixteenth", 13)).isEqualTo(0L);
    assertThat(json.at("samples", "regions", "top", 1, "faultsBySixteenth", 14)).isEqualTo(160L);
    assertThat(json.at("samples", "regions", "top", 2, "where")).isEqualTo("head");
    assertThat(text)
        .containsPattern("1  direct-buffer +4\\.0 MB +1,024 +68\\.3 % +\\|9{16}\\| +all over");
  }

  @Test
  void majorFaultsNameTheirFile() {
    assertThat(json.at("samples", "majorFaults", "top", 0, "file")).isEqualTo("/data/segment.cfs");
    assertThat(json.at("samples", "majorFaults", "top", 0, "faults")).isEqualTo(20L);
    assertThat(json.at("samples", "account", "majorFaults")).isEqualTo(20L);
    assertThat(text)
        .containsPattern("/data/segment.cfs +mapped-file +1 +20\\R")
        .contains("estimated times take them for minor faults")
        .doesNotContain("the kernel counted 20 while recorded");
  }

  @Test
  void suggestionsFollowFromTheSamples() {
    assertThat(text.replaceAll("\\s+", " "))
        .contains("let the kernel hand out more pages per fault")
        .contains("region 1 of 4.0 MB, sequential, 1,024 faults, from org.example.Main.main:7")
        .contains("sample fewer faults (sample=auto, or a larger N): 7 samples were lost");
  }

  @Test
  void sumsOfTheAgentStandInWhereNoSampleWasRecorded() throws Exception {
    Path recording = directory.resolve("sums.jfr");
    try (WrittenRecording out = WrittenRecording.create(recording)) {
      for (long faults = 10; faults <= 30; faults += 10) {
        out.event(
            "pfagent.FaultSite",
            faults,
            0,
            "main",
            List.of(),
            "method",
            "org.example.Store.scan",
            "line",
            42,
            "kind",
            "unsafe",
            "faults",
            faults,
            "faultTime",
            faults * 500);
      }
    }
    Cli result = Cli.report(recording);
    assertThat(result).returns("", Cli::err).returns(0, Cli::exitCode);
    assertThat(result.out())
        .contains("by the agent's own sums (no samples recorded)")
        .containsPattern("org\\.example\\.Store\\.scan:42 +unsafe +- +30 ");
  }
}
