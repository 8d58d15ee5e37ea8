package io.pfagent.report;

import static io.pfagent.report.Recordings.MB;
import static io.pfagent.report.WrittenRecording.java;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Changes of the preallocation in recordings whose times are known, and what is said of them. */
final class VerdictReportTest {

  private static final long MS = 1_000_000;
  private static final long SIZE = 64 * MB;
  private static final Offset<Double> EXACTLY = within(1e-9);

  private static final List<Site.Frame> ALLOCATING =
      List.of(
          java("java.nio.ByteBuffer", "allocateDirect", 300), java("org.example.Pool", "get", 9));

  private static final List<Site.Frame> SCANNING = List.of(java("org.example.Store", "scan", 42));

  @TempDir private Path directory;

  private WrittenRecording out;
  private Path file;
  private long nanos;
  private long regions;
  private String text;

  @BeforeEach
  void startRecording() throws Exception {
    file = directory.resolve("app.jfr");
    out = WrittenRecording.create(file);
  }

  private Json report() throws Exception {
    out.close();
    Path json = directory.resolve("report.json");
    Cli result = Cli.report(file, "--json", json.toString());
    assertThat(result).returns("", Cli::err).returns(0, Cli::exitCode);
    text = result.out();
    return Json.parse(Files.readString(json));
  }

  private void allocate(long durationNanos) {
    nanos += MS;
    regions++;
    out.event(
        "pfagent.RegionAllocation",
        nanos,
        durationNanos,
        "main",
        ALLOCATING,
        "regionId",
        regions,
        "kind",
        "direct-buffer",
        "address",
        0x7f00_0000_0000L,
        "size",
        SIZE,
        "minorFaults",
        16_384,
        "majorFaults",
        0,
        "preallocPages",
        1);
    nanos += durationNanos;
  }

  /** Samples in the region that was allocated last. */
  private void fault(long weight) {
    nanos += 1_000;
    out.event(
        "pfagent.PageFault",
        nanos,
        0,
        "main",
        ALLOCATING,
        "regionId",
        regions,
        "kind",
        "direct-buffer",
        "address",
        0x7f00_0000_0000L,
        "offset",
        0,
        "major",
        false,
        "weight",
        weight,
        "stackState",
        "complete");
  }

  private void touch(long regionId, long bytes, long durationNanos) {
    nanos += MS;
    out.event(
        "pfagent.RegionTouch",
        nanos,
        durationNanos,
        "main",
        SCANNING,
        "regionId",
        regionId,
        "operation",
        "method",
        "method",
        "org.example.Store.scan",
        "bytes",
        bytes,
        "minorFaults",
        256,
        "majorFaults",
        0);
    nanos += durationNanos;
  }

  private void change(long oldPages, long newPages, String outcome) {
    change(oldPages, newPages, "process", 0, outcome);
  }

  private void change(long oldPages, long newPages, String scope, long regionId, String outcome) {
    nanos += MS;
    out.event(
        "pfagent.PreallocChange",
        nanos,
        0,
        "main",
        List.of(),
        "oldPages",
        oldPages,
        "newPages",
        newPages,
        "backend",
        "thp",
        "scope",
        scope,
        "regionId",
        regionId,
        "outcome",
        outcome,
        "message",
        "as asked");
    nanos += MS;
  }

  private void process(long residentBytes, long unusedBytes) {
    nanos += MS;
    out.event(
        "pfagent.ProcessFaults",
        nanos,
        0,
        "main",
        List.of(),
        "minorFaults",
        0,
        "majorFaults",
        0,
        "residentBytes",
        residentBytes,
        "unusedBytes",
        unusedBytes);
  }

  @Test
  void fasterAllocationIsAGain() throws Exception {
    // The first and slowest one is warm-up; the median of the other five is 64 ms, 1 ms per MB.
    for (long duration : new long[] {200, 66, 62, 64, 70, 60}) {
      allocate(duration * MS);
      fault(16_384);
    }
    process(100 * MB, 0);
    process(104 * MB, 0);
    change(1, 16, "applied");
    for (long duration : new long[] {90, 17, 15, 16, 20, 14}) {
      allocate(duration * MS);
      fault(1_024);
    }
    process(110 * MB, 6 * MB);
    Json json = report();
    assertThat(json.at("preallocation", "changes")).isEqualTo(1L);
    assertThat(json.at("preallocation", "judged", 0, "newPages")).isEqualTo(16L);
    Json work = json.down("preallocation", "judged", 0, "works", "top", 0);
    assertThat(work.at("action")).isEqualTo("allocate");
    assertThat(work.at("site")).isEqualTo("org.example.Pool.get:9");
    assertThat(work.at("fromBytes")).isEqualTo(SIZE);
    assertThat(work.at("outcome")).isEqualTo("faster");
    assertThat((double) work.at("ratio")).isEqualTo(4.0, EXACTLY);
    assertThat(work.at("before", "runs")).isEqualTo(6L);
    assertThat(work.at("before", "nanosPerUnit", "settled")).isEqualTo(5L);
    assertThat((double) work.at("before", "nanosPerUnit", "lowerQuartile"))
        .isEqualTo(62e6 / 64, EXACTLY);
    assertThat((double) work.at("before", "nanosPerUnit", "median")).isEqualTo(1e6, EXACTLY);
    assertThat((double) work.at("after", "nanosPerUnit", "upperQuartile"))
        .isEqualTo(17e6 / 64, EXACTLY);
    assertThat((double) work.at("before", "userFaultsPerUnit")).isEqualTo(256, EXACTLY);
    assertThat((double) work.at("after", "userFaultsPerUnit")).isEqualTo(16, EXACTLY);
    // Populated pages count in ru_minflt: that count alone would show no gain.
    assertThat((double) work.at("after", "countedFaultsPerUnit")).isEqualTo(256, EXACTLY);
    assertThat((double) json.at("preallocation", "judged", 0, "residentBytesBefore", "median"))
        .isEqualTo(102.0 * MB, EXACTLY);
    assertThat((double) json.at("preallocation", "judged", 0, "unusedBytesAfter", "median"))
        .isEqualTo(6.0 * MB, EXACTLY);
    assertThat(text)
        .contains("Preallocation 1 page to 16 pages, thp, process at ")
        .contains("1 faster, 0 slower, 0 as before")
        .contains("4.0 x faster (3.6 to 4.4)")
        .contains("Waste: 6.0 MB (6.0 MB to 6.0 MB) of it was preallocated afterwards")
        .contains("half took 968.8 us to 1.0 ms > 234.4 us to 265.6 us; counted 256.0 > 256.0")
        .containsPattern("6 > 6 +1\\.0 ms > 250\\.0 us +256\\.0 > 16\\.0 ");
  }

  @Test
  void slowerIsALoss() throws Exception {
    sides(6, 10, 6, 20);
    assertOnlyWork("slower");
    assertThat(text).contains("2.0 x slower").contains("0 faster, 1 slower");
  }

  @Test
  void noiseIsNoGain() throws Exception {
    for (long duration : new long[] {10, 14, 9, 12, 10, 13, 8, 11}) {
      allocate(duration * MS);
    }
    change(1, 16, "applied");
    for (long duration : new long[] {10, 13, 8, 12, 9, 11, 10, 12}) {
      allocate(duration * MS);
    }
    assertOnlyWork("no-difference");
    assertThat(text).contains("no difference beyond noise").contains("1 as before");
  }

  @Test
  void fewRunsAreNoVerdict() throws Exception {
    sides(6, 10, 5, 1);
    assertOnlyWork("too-few");
    assertThat(text)
        .contains("no verdict: 5 and 4 settled runs, 5 needed")
        .contains("No verdict: no work was done often enough");
  }

  /** Compilation makes a program faster all by itself. */
  @Test
  void whatBecameFasterBeforeIsNoGain() throws Exception {
    for (long duration = 40; duration > 20; duration--) {
      allocate(duration * MS);
    }
    change(1, 16, "applied");
    for (long duration = 20; duration > 10; duration--) {
      allocate(duration * MS);
    }
    assertOnlyWork("changed-before");
  }

  @Test
  void touchesCompareByMethodAndSize() throws Exception {
    for (int i = 0; i < 8; i++) {
      allocate(10 * MS);
      touch(regions, 0, 32 * MS);
    }
    long old = regions;
    change(1, 512, "applied");
    for (int i = 0; i < 8; i++) {
      allocate(10 * MS);
      // Memory from before the change does not count, though the same method touches it.
      touch(old, 0, 320 * MS);
      touch(regions, 0, 4 * MS);
    }
    Json json = report();
    Json works = json.down("preallocation", "judged", 0, "works");
    assertThat(works.at("total")).isEqualTo(2L);
    assertThat(works.at("top", 1, "action")).isEqualTo("org.example.Store.scan");
    assertThat(works.at("top", 1, "after", "runs")).isEqualTo(8L);
    // Without a number of bytes, the region's size counts.
    assertThat((double) works.at("top", 1, "ratio")).isEqualTo(8.0, EXACTLY);
  }

  /** A method named by touch= does not say what memory it touches. */
  @Test
  void methodsThatDoNotSayHowMuchCompareByRuns() throws Exception {
    for (int i = 0; i < 6; i++) {
      touch(0, 0, 30 * MS);
    }
    change(1, 16, "applied");
    for (int i = 0; i < 6; i++) {
      touch(0, 0, 10 * MS);
    }
    Json work = report().down("preallocation", "judged", 0, "works", "top", 0);
    assertThat(work.at("unit")).isEqualTo("run");
    assertThat(work.at("fromBytes")).isNull();
    assertThat((double) work.at("before", "nanosPerUnit", "median")).isEqualTo(30e6, EXACTLY);
    assertThat((double) work.at("ratio")).isEqualTo(3.0, EXACTLY);
    assertThat(text)
        .containsPattern("org\\.example\\.Store\\.scan, each run +6 > 6 +30\\.0 ms > 10");
  }

  @Test
  void changeOfARegionIsJudgedByItsTouches() throws Exception {
    allocate(10 * MS);
    allocate(10 * MS);
    for (int i = 0; i < 6; i++) {
      touch(1, MB, 30 * MS);
      touch(2, MB, 30 * MS);
    }
    change(1, 16, "region", 1, "applied");
    for (int i = 0; i < 6; i++) {
      touch(1, MB, 10 * MS);
      touch(2, MB, 30 * MS);
    }
    assertOnlyWork("faster");
    assertThat(text).contains("region 1 at").contains("3.0 x faster");
  }

  @Test
  void eachChangeIsComparedUpToTheNext() throws Exception {
    sides(6, 40, 6, 10);
    change(16, 1, "undone");
    for (int i = 0; i < 6; i++) {
      allocate(40 * MS);
    }
    Json json = report();
    assertThat(json.at("preallocation", "judged", 0, "works", "top", 0, "outcome"))
        .isEqualTo("faster");
    assertThat(json.at("preallocation", "judged", 1, "works", "top", 0, "outcome"))
        .isEqualTo("slower");
  }

  @Test
  void refusedChangesAreNamedAndNotJudged() throws Exception {
    sides(6, 10, 6, 10);
    change(16, 512, "refused");
    for (int i = 0; i < 6; i++) {
      allocate(10 * MS);
    }
    Json json = report();
    assertThat(json.at("preallocation", "changes")).isEqualTo(2L);
    assertThat(json.sizeOf("preallocation", "judged")).isEqualTo(1);
    assertThat(json.at("preallocation", "judged", 0, "works", "top", 0, "after", "runs"))
        .isEqualTo(12L);
    assertThat(json.at("preallocation", "withoutEffect", "top", 0, "newPages")).isEqualTo(512L);
    assertThat(text.replaceAll("\\s+", " ")).contains("refused: as asked");
  }

  @Test
  void workUnderWayDuringTheChangeIsLeftOut() throws Exception {
    sides(6, 10, 6, 10);
    nanos -= 6 * 11 * MS + 3 * MS;
    allocate(5 * MS);
    Json json = report();
    assertThat(json.at("preallocation", "judged", 0, "works", "top", 0, "before", "runs"))
        .isEqualTo(6L);
    assertThat(json.at("preallocation", "judged", 0, "works", "top", 0, "after", "runs"))
        .isEqualTo(6L);
  }

  /** Allocations before and after a change, with a bit of noise. */
  private void sides(int before, long msBefore, int after, long msAfter) {
    for (int i = 0; i < before; i++) {
      allocate(msBefore * MS + i % 3 * 1_000L);
    }
    change(1, 16, "applied");
    for (int i = 0; i < after; i++) {
      allocate(msAfter * MS + i % 3 * 1_000L);
    }
  }

  private void assertOnlyWork(String outcome) throws Exception {
    Json json = report();
    assertThat(json.at("preallocation", "judged", 0, "works", "total")).isEqualTo(1L);
    assertThat(json.at("preallocation", "judged", 0, "works", "top", 0, "outcome"))
        .isEqualTo(outcome);
  }
}
