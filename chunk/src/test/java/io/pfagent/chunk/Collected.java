package io.pfagent.chunk;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** All samples of a sample file, with what they refer to in words. */
final class Collected extends SegmentEntries {

  final List<Sample> samples = new ArrayList<>();
  final List<String> words = new ArrayList<>();
  final List<ClockReading> clocks = new ArrayList<>();

  static Collected of(Path samples) throws IOException {
    Collected collected = new Collected();
    SampleFileReader.open(samples).read(collected);
    return collected;
  }

  @Override
  public void clock(ClockReading reading) {
    clocks.add(reading);
  }

  @Override
  public void sample(Sample sample) {
    samples.add(sample);
    StringBuilder line = new StringBuilder();
    SampleThread thread = thread(sample.thread());
    line.append(thread == null ? "-" : thread.javaName());
    line.append(' ').append(text(sample.kind())).append(' ').append(text(sample.stackState()));
    SampleStack stack = stack(sample.stack());
    if (stack != null) {
      for (SampleStack.Frame frame : stack.frames()) {
        SampleMethod method = method(frame.method());
        line.append(' ').append(text(method.className())).append('.').append(text(method.name()));
        line.append(text(method.descriptor())).append(':').append(frame.line());
      }
    }
    words.add(line.toString());
  }
}
