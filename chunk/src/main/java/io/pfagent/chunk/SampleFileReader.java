package io.pfagent.chunk;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads a sample file, also one that is still being written or whose process was killed: what a
 * write left torn at the end of a segment is passed over. It keeps one block in memory.
 */
public final class SampleFileReader {

  private final List<SegmentReader> segments;

  private SampleFileReader(List<SegmentReader> segments) {
    this.segments = segments;
  }

  /**
   * Opens a sample file.
   *
   * @param samples the directory, or a single segment of it
   * @throws JoinException if there are no samples, or some that can't be read
   */
  public static SampleFileReader open(Path samples) throws IOException {
    List<SegmentReader> segments = new ArrayList<>();
    try {
      List<Path> paths = SegmentDirectory.segments(samples);
      if (paths.isEmpty()) {
        throw new JoinException(samples + " holds no samples of pfagent");
      }
      for (Path path : paths) {
        SegmentReader segment = openUnlessDropped(path, paths.size());
        if (segment != null) {
          segments.add(segment);
        }
      }
    } catch (NoSuchFileException missing) {
      throw new JoinException(missing.getMessage() + " does not exist", missing);
    }
    return new SampleFileReader(segments);
  }

  /** Shows all that the segments hold, the oldest first. */
  public void read(SampleVisitor visitor) throws IOException {
    for (SegmentReader segment : segments) {
      segment.read(visitor);
    }
  }

  /** How many samples were taken but dropped with their segments, to keep within the bound. */
  public long droppedSamples() {
    return segments.isEmpty() ? 0 : segments.get(0).samplesBefore();
  }

  List<SegmentReader> segments() {
    return segments;
  }

  /** The writer may drop the oldest segments meanwhile. */
  private static SegmentReader openUnlessDropped(Path path, int segments) throws IOException {
    try {
      return SegmentReader.open(path);
    } catch (NoSuchFileException dropped) {
      if (segments == 1) {
        throw dropped;
      }
      return null;
    }
  }
}
