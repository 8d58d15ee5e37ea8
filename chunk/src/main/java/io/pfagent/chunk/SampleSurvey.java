package io.pfagent.chunk;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What a first pass over a sample file tells: its clocks, and which times its segments cover. */
final class SampleSurvey {

  private final ClockTable ticks = new ClockTable();
  private final ClockTable epochNanos = new ClockTable();
  private final List<Span> spans = new ArrayList<>();
  private long samples;

  private SampleSurvey() {}

  /**
   * A segment with samples.
   *
   * @param first the earliest of its samples, on the clock of {@link System#nanoTime()}
   * @param last the latest of its samples
   */
  record Span(SegmentReader segment, long first, long last) {}

  static SampleSurvey of(SampleFileReader reader) throws IOException {
    SampleSurvey survey = new SampleSurvey();
    for (SegmentReader segment : reader.segments()) {
      survey.add(segment);
    }
    return survey;
  }

  private void add(SegmentReader segment) throws IOException {
    Extent extent = new Extent();
    segment.read(extent);
    if (extent.count > 0) {
      spans.add(new Span(segment, extent.first, extent.last));
      samples += extent.count;
    }
  }

  /** How many samples there are. */
  long samples() {
    return samples;
  }

  /** The segments that have samples, the oldest first. */
  List<Span> spans() {
    return Collections.unmodifiableList(spans);
  }

  /** From {@link System#nanoTime()} to the clock of JFR; empty if that could not be read. */
  ClockTable ticks() {
    return ticks;
  }

  /** From {@link System#nanoTime()} to nanoseconds since 1970. */
  ClockTable epochNanos() {
    return epochNanos;
  }

  private final class Extent implements SampleVisitor {

    private long first = Long.MAX_VALUE;
    private long last = Long.MIN_VALUE;
    private long count;

    @Override
    public void clock(ClockReading reading) {
      epochNanos.add(reading.nanoTime(), reading.epochNanos());
      if (reading.ticks() != 0) {
        ticks.add(reading.nanoTime(), reading.ticks());
      }
    }

    @Override
    public void sample(Sample sample) {
      first = Math.min(first, sample.nanoTime());
      last = Math.max(last, sample.nanoTime());
      count++;
    }
  }
}
