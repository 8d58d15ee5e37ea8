package io.pfagent.chunk;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A stack that samples share.
 *
 * @param frames the innermost first
 * @param isTruncated whether it goes on where the frames end
 */
public record SampleStack(List<Frame> frames, boolean isTruncated) {

  /**
   * A frame.
   *
   * @param method number of its method
   * @param line the line of the source, or -1 if it is not known
   * @param bytecodeIndex the index of the bytecode in its method, or -1 if it is not known
   */
  public record Frame(int method, int line, int bytecodeIndex, FrameType type) {}

  static SampleStack read(ByteReader in) throws IOException {
    boolean isTruncated = in.isSet();
    int count = in.count();
    List<Frame> frames = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      frames.add(
          new Frame(
              (int) in.number(),
              (int) in.number() - 1,
              (int) in.number() - 1,
              FrameType.of(in.get())));
    }
    return new SampleStack(frames, isTruncated);
  }
}
