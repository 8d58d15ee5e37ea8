package io.pfagent.chunk;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * Writes samples and clocks as {@link SegmentFormat} draws them. What a sample refers to comes
 * before it, in each segment anew. Not for several threads at once.
 */
final class SampleRecords {

  private final SegmentSequence segments;
  private final SampleDictionary dictionary;
  private final Map<String, Integer> labels = new HashMap<>();
  private long previousNanoTime;
  private ClockReading clock;
  private boolean isClockWritten;
  private boolean followsSample;

  SampleRecords(SegmentSequence segments, SampleDictionary dictionary) {
    this.segments = segments;
    this.dictionary = dictionary;
  }

  /** Writes a sample, as {@link SampleFile#sample} takes it. */
  void sample(
      long nanoTime,
      int thread,
      int stack,
      long regionId,
      String kind,
      long address,
      long offset,
      boolean isMajor,
      boolean inKernel,
      long weight,
      String stackState)
      throws IOException {
    if (segments.nextIfFull()) {
      previousNanoTime = 0;
      isClockWritten = false;
      followsSample = false;
    }
    SegmentWriter segment = segments.current();
    int kindNumber = label(kind);
    int stateNumber = label(stackState);
    int knownThread = dictionary.enterThread(thread, segment);
    int knownStack = dictionary.enterStack(stack, segment);
    dictionary.enterText(kindNumber, segment);
    dictionary.enterText(stateNumber, segment);
    if (!isClockWritten) {
      writeClock();
    }
    ByteWriter out = segment.block();
    out.put(SegmentFormat.SAMPLE);
    out.difference(nanoTime - previousNanoTime);
    out.number(knownThread);
    out.number(knownStack);
    out.number(regionId);
    out.number(kindNumber);
    out.number(address);
    out.number(offset + 1);
    out.put(isMajor);
    out.put(inKernel);
    out.number(weight);
    out.number(stateNumber);
    previousNanoTime = nanoTime;
    followsSample = true;
    segment.sampleDone();
    segments.dropOldestIfTooLarge();
  }

  /** Writes what the clocks say, now or before the next sample. */
  void clock(ClockReading reading) throws IOException {
    clock = reading;
    // A reading that follows another is of use only if a sample comes after it.
    isClockWritten = false;
    if (followsSample) {
      writeClock();
    }
  }

  /** Hands all that was written to the kernel; numbers may be old after that. */
  void flush() throws IOException {
    segments.current().flush();
    if (dictionary.renewIfFull()) {
      labels.clear();
    }
  }

  private int label(String text) {
    if (text == null) {
      return 0;
    }
    Integer known = labels.get(text);
    if (known != null) {
      return known;
    }
    int number = dictionary.text(text);
    if (number != 0) {
      labels.put(text, number);
    }
    return number;
  }

  private void writeClock() throws IOException {
    isClockWritten = true;
    followsSample = false;
    if (clock != null) {
      SegmentWriter segment = segments.current();
      ByteWriter out = segment.block();
      out.put(SegmentFormat.CLOCK);
      out.number(clock.nanoTime());
      out.number(clock.ticks());
      out.number(clock.epochNanos());
      segment.recordDone();
    }
  }
}
