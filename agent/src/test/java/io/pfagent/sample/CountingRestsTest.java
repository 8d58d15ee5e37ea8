package io.pfagent.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.pfagent.kernel.FaultSampling;
import io.pfagent.kernel.SampleLayout;
import io.pfagent.kernel.SampleSetUp;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
class CountingRestsTest {

  private static final int PERIOD = 100;
  private static final int PAGES = 16_384;
  private static final int PAGE = 4096;

  /** Costs far more than could be saved. */
  private static final Tick HEAVY = tick(1, 1_000_000);

  /** Switches that cost far more than could be saved, and no faults. */
  private static final Tick RESTLESS =
      new Tick(
          TimeUnit.SECONDS.toNanos(1), 0, 0, 100_000, TimeUnit.SECONDS.toNanos(1), 0, 0, false);

  /** Earns all that can be saved. */
  private static final Tick LONG_AND_CALM = tick(60, 0);

  private final SampledSpans spans = new SampledSpans();
  private final List<Throwable> failures = new ArrayList<>();
  private final CountingRests rests = new CountingRests(spans, failures::add);
  private FaultSampling sampling;

  @BeforeEach
  void open() {
    FaultSampling.Opened opened =
        FaultSampling.open(new SampleSetUp(SampleLayout.leaf(), 1 << 20), PERIOD);
    assumeTrue(opened.sampling().isPresent(), () -> opened.capability().reason());
    sampling = opened.sampling().get();
    spans.begin(sampling);
    rests.begin();
  }

  @AfterEach
  void close() {
    if (sampling != null) {
      sampling.close();
    }
  }

  @Test
  void restsUntilItCanBePaidFor() {
    rests.counted(sampling, tick(1, 10), 0);
    assertThat(rests.isResting()).isFalse();
    rests.counted(sampling, HEAVY, 0);
    assertThat(rests.isResting()).isTrue();
    assertThat(sampling.isResting()).isTrue();

    rests.rested(sampling, tick(1, 1_000_000), 0, PERIOD);
    assertThat(rests.isResting()).isTrue();

    rests.rested(sampling, LONG_AND_CALM, 0, 7);
    assertThat(rests.isResting()).isFalse();
    assertThat(sampling.isResting()).isFalse();
    assertThat(sampling.period()).isEqualTo(7);
    assertThat(failures).isEmpty();
  }

  @Test
  void theSidesOfWhatGoesByAreThoseOfWhatWasCounted() {
    ByteBuffer.allocateDirect(PAGES * PAGE);
    rests.counted(sampling, HEAVY, 0);
    long counted = spans.userFaults().all();
    ByteBuffer.allocateDirect(PAGES * PAGE);
    assertThat(spans.restedFaults()).isGreaterThan(PAGES * 9 / 10);
    long whileItRests = spans.userFaults().all() - counted;
    rests.rested(sampling, LONG_AND_CALM, 0, PERIOD);

    // The JDK zeroes buffers in user mode, and little else was going on.
    assertThat(whileItRests).isBetween(PAGES * 8L / 10, spans.restedFaults());
    assertThat(spans.userFaults().all() - counted).isGreaterThanOrEqualTo(whileItRests);
  }

  @Test
  void switchesHaveAllRestUntilTheyCanBePaidFor() throws Exception {
    long start = System.nanoTime();
    long withSampling = openEvents();
    rests.counted(sampling, RESTLESS, 0);
    assertThat(rests.rest()).isEqualTo(Rest.ALL);
    assertThat(rests.hasCountedSince(start)).isFalse();
    long resting = openEvents();
    assertThat(resting).isLessThan(withSampling);

    rests.rested(sampling, RESTLESS, 0, PERIOD);
    assertThat(rests.rest()).isEqualTo(Rest.ALL);
    ByteBuffer.allocateDirect(PAGES * PAGE);
    assertThat(spans.restedFaults()).isGreaterThan(PAGES * 9 / 10);

    rests.rested(sampling, LONG_AND_CALM, 0, PERIOD);
    assertThat(rests.rest()).isEqualTo(Rest.NONE);
    assertThat(rests.hasCountedSince(System.nanoTime())).isTrue();
    assertThat(openEvents()).isGreaterThan(resting);
    assertThat(failures).isEmpty();
  }

  @Test
  void majorFaultsOfARestOfAllAreToldByThoseAfterIt(@TempDir Path directory) throws Exception {
    rests.counted(sampling, RESTLESS, 0);
    rests.rested(sampling, majorFaults(1, 2_000), 1_000_000, PERIOD);
    assertThat(rests.rest()).isEqualTo(Rest.ALL);
    rests.rested(sampling, majorFaults(60, 1_000), 0, PERIOD);
    assertThat(rests.rest()).isEqualTo(Rest.NONE);

    List<Long> weights = weightsOfMajorFaults(directory);
    assertThat(weights.get(0)).isEqualTo(4);
    rests.told(sampling);
    // So few that it does something else by now.
    rests.counted(sampling, majorFaults(1, 10), 0);
    assertThat(rests.areBeingTold()).isFalse();
  }

  @Test
  void inARestOfMinorFaultsMajorOnesStandForThemselves(@TempDir Path directory) throws Exception {
    rests.counted(sampling, HEAVY, 0);
    rests.rested(sampling, majorFaults(1, 2_000), 0, PERIOD);
    assertThat(rests.rest()).isEqualTo(Rest.MINOR);
    rests.rested(sampling, majorFaults(60, 1_000), 0, PERIOD);
    assertThat(rests.rest()).isEqualTo(Rest.NONE);

    assertThat(weightsOfMajorFaults(directory)).containsOnly(1L);
  }

  private List<Long> weightsOfMajorFaults(Path directory) throws IOException {
    List<Long> weights = new ArrayList<>();
    try (FileChannel channel =
        FileChannel.open(
            directory.resolve("cold"),
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.allocate(1), 1 << 20);
      assertThat(channel.map(FileChannel.MapMode.READ_ONLY, 0, 1 << 20).get(0)).isZero();
    }
    sampling.drain(
        fault -> {
          if (fault.isMajor()) {
            weights.add(fault.weight());
          }
        });
    assumeTrue(!weights.isEmpty(), "skipped: fresh files are in memory here");
    return weights;
  }

  @Test
  void aRestOfMinorFaultsGrowsToOneOfAll() throws Exception {
    rests.counted(sampling, HEAVY, 0);
    assertThat(rests.rest()).isEqualTo(Rest.MINOR);
    long minorRests = openEvents();

    rests.rested(sampling, RESTLESS, 0, PERIOD);
    assertThat(rests.rest()).isEqualTo(Rest.ALL);
    assertThat(openEvents()).isLessThan(minorRests);
  }

  @Test
  void whereItCannotGoOnThatIsToldOnceAndTriedAgain() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/prlimit")), "skipped: prlimit is not there");
    rests.counted(sampling, HEAVY, 0);
    String before = softLimit();
    setLimit(String.valueOf(openDescriptors() + 8));
    try {
      rests.rested(sampling, LONG_AND_CALM, 0, PERIOD);
      rests.rested(sampling, LONG_AND_CALM, 0, PERIOD);
    } finally {
      setLimit(before);
    }

    assertThat(rests.isResting()).isTrue();
    assertThat(failures)
        .singleElement()
        .extracting(Throwable::getMessage)
        .asString()
        .startsWith("minor faults go by uncounted: ")
        .contains("file descriptors");
    rests.rested(sampling, LONG_AND_CALM, 0, PERIOD);
    assertThat(rests.isResting()).isFalse();
    assertThat(failures).hasSize(1);
  }

  private static Tick majorFaults(int seconds, long faults) {
    long nanos = TimeUnit.SECONDS.toNanos(seconds);
    return new Tick(nanos, 0, faults, 0, nanos, 0, 0, false);
  }

  private static Tick tick(int seconds, long faults) {
    long nanos = TimeUnit.SECONDS.toNanos(seconds);
    return new Tick(nanos, faults, 0, 0, nanos, 0, 0, false);
  }

  private static long openDescriptors() throws IOException {
    try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
      return open.count();
    }
  }

  private static long openEvents() throws IOException {
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
      return descriptors.filter(CountingRestsTest::isEvent).count();
    }
  }

  private static boolean isEvent(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString().equals("anon_inode:[perf_event]");
    } catch (IOException closed) {
      return false;
    }
  }

  private static String softLimit() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/limits")).stream()
        .filter(line -> line.startsWith("Max open files"))
        .map(line -> line.split(" {2,}")[1])
        .findFirst()
        .orElseThrow();
  }

  private static void setLimit(String descriptors) throws IOException, InterruptedException {
    String pid = String.valueOf(ProcessHandle.current().pid());
    Process prlimit =
        new ProcessBuilder("prlimit", "--pid", pid, "--nofile=" + descriptors + ":")
            .inheritIO()
            .start();
    assertThat(prlimit.waitFor()).isZero();
  }
}
