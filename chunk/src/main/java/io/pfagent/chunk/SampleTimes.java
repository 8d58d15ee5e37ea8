package io.pfagent.chunk;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/**
 * When samples were taken, on the clock of a recording, and in which of its chunks that is. A chunk
 * is said to last until the next begins.
 *
 * <p>JFR's own clock tells exactly. Where it could not be read, the time of day leads over: a chunk
 * knows when it began on both.
 */
final class SampleTimes {

  private static final double NANOS_PER_SECOND = 1e9;

  private final List<ChunkHeader> chunks;
  private final long[] starts;
  private final long end;
  private final ClockTable clock;
  private final boolean areTicks;
  private final double rate;

  /**
   * @param recorded at least one chunk
   */
  SampleTimes(List<ChunkHeader> recorded, SampleSurvey survey) {
    areTicks = !survey.ticks().isEmpty();
    clock = areTicks ? survey.ticks() : survey.epochNanos();
    chunks = new ArrayList<>(recorded);
    chunks.sort(Comparator.comparingLong(this::start));
    starts = chunks.stream().mapToLong(this::start).toArray();
    ChunkHeader last = chunks.get(chunks.size() - 1);
    end = areTicks ? last.endTicks() : last.endNanos();
    rate = areTicks ? last.ticksPerSecond() / NANOS_PER_SECOND : 1;
  }

  /** The chunks in the order of their times; the methods below know them by their index. */
  List<ChunkHeader> chunks() {
    return Collections.unmodifiableList(chunks);
  }

  /** The chunk that was open then, or -1 if it was before the first or after the last. */
  int chunkAt(long nanoTime) {
    long time = time(nanoTime);
    if (time > end) {
      return -1;
    }
    int found = Arrays.binarySearch(starts, time);
    return found >= 0 ? found : -found - 2;
  }

  /** Whether any time of the span, ends included, may be in the chunk. */
  boolean overlaps(SampleSurvey.Span span, int chunk) {
    long chunkEnd = chunk + 1 < starts.length ? starts[chunk + 1] : end;
    return time(span.first()) <= chunkEnd && time(span.last()) >= starts[chunk];
  }

  /** The time as events of the chunk have it. */
  long ticks(long nanoTime, int chunk) {
    long time = time(nanoTime);
    if (areTicks) {
      return time;
    }
    ChunkHeader header = chunks.get(chunk);
    return header.startTicks() + header.ticks(time - header.startNanos());
  }

  private long time(long nanoTime) {
    return clock.convert(nanoTime, rate);
  }

  private long start(ChunkHeader chunk) {
    return areTicks ? chunk.startTicks() : chunk.startNanos();
  }
}
