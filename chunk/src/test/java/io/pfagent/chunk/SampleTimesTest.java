package io.pfagent.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A clock of 2.5 ticks to the nanosecond: chunks from 1000 to 2000 and from 2000 to 3000 ns. */
final class SampleTimesTest {

  private static final long TICKS_PER_SECOND = 2_500_000_000L;
  private static final List<ChunkHeader> CHUNKS = List.of(chunk(2000), chunk(1000));

  @TempDir private Path directory;

  @Test
  void ticksAreInterpolatedBetweenReadings() throws Exception {
    // The clocks drift: 100 ns are 300 ticks here.
    SampleTimes times = times(new ClockReading(1000, 2500, 0), new ClockReading(1100, 2800, 0));
    assertThat(times.ticks(1000, 0)).isEqualTo(2500);
    assertThat(times.ticks(1050, 0)).isEqualTo(2650);
    assertThat(times.ticks(1100, 0)).isEqualTo(2800);
    // Beyond, by the rate of the recording's clock.
    assertThat(times.ticks(1200, 0)).isEqualTo(3050);
    assertThat(times.ticks(900, 0)).isEqualTo(2250);
  }

  @Test
  void theTimeOfDayServesWhereTicksAreUnknown() throws Exception {
    SampleTimes times = times(new ClockReading(50_000, 0, 1000));
    assertThat(times.chunkAt(50_010)).isZero();
    assertThat(times.ticks(50_010, 0)).isEqualTo(2525);
    assertThat(times.chunkAt(51_500)).isEqualTo(1);
    assertThat(times.ticks(51_500, 1)).isEqualTo(6250);
  }

  @Test
  void eachTimeIsInOneChunk() throws Exception {
    SampleTimes times = times(new ClockReading(1000, 2500, 0));
    assertThat(times.chunks()).extracting(ChunkHeader::startNanos).containsExactly(1000L, 2000L);
    assertThat(times.chunkAt(999)).isEqualTo(-1);
    assertThat(times.chunkAt(1000)).isZero();
    assertThat(times.chunkAt(1999)).isZero();
    assertThat(times.chunkAt(2000)).isEqualTo(1);
    assertThat(times.chunkAt(3000)).isEqualTo(1);
    assertThat(times.chunkAt(3001)).isEqualTo(-1);
  }

  @Test
  void manyReadingsAreThinned() {
    ClockTable table = new ClockTable();
    int readings = 500_000;
    for (int i = 0; i < readings; i++) {
      table.add(10L * i, 30L * i);
    }
    assertThat(table.convert(1_234_567, 1)).isEqualTo(3_703_701);
    assertThat(table.convert(10L * readings + 5, 3)).isEqualTo(30L * readings + 15);
  }

  @Test
  void aChunkOfSamplesIsKnownByItsStart() {
    ChunkHeader chunk = CHUNKS.get(0);
    ChunkHeader samples = chunk.forSamples(100, 100, 70, 80);
    assertThat(chunk.isMatchedBy(samples)).isTrue();
    assertThat(chunk.isMatchedBy(CHUNKS.get(1))).isFalse();
    assertThat(samples.startNanos()).isEqualTo(2001);
    assertThat(samples.startTicks() - chunk.startTicks()).isBetween(2L, 3L);
  }

  private SampleTimes times(ClockReading... readings) throws Exception {
    try (SampleFile file = SampleFile.create(directory.resolve("s"), SampleFile.LEAST_BYTES)) {
      for (ClockReading reading : readings) {
        file.clock(reading);
        file.sample(reading.nanoTime(), 0, 0, 0, "other", 1, -1, false, false, 1, null);
      }
    }
    return new SampleTimes(CHUNKS, SampleSurvey.of(SampleFileReader.open(directory.resolve("s"))));
  }

  private static ChunkHeader chunk(long nanos) {
    long ticks = nanos * 5 / 2;
    return new ChunkHeader(0, 2 << 16, 100, 70, 80, nanos, 1000, ticks, TICKS_PER_SECOND, 0, 1);
  }
}
