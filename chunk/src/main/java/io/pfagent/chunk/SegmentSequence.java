package io.pfagent.chunk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The segments of a sample file: the last one is being written, and the oldest goes when they take
 * too much room. Not for several threads at once.
 */
final class SegmentSequence implements AutoCloseable {

  private static final int SEGMENTS = 8;

  private final Path directory;
  private final long mostBytes;
  private final Deque<Full> full = new ArrayDeque<>();
  private long fullBytes;
  private long fullSamples;
  private long samplesBefore;
  private int lastNumber;

  /** Null only if the next one could not be made. */
  private SegmentWriter current;

  private record Full(Path path, long bytes, long samples) {}

  /**
   * Begins the first segment.
   *
   * @param mostBytes how much room on disk they may take together
   */
  SegmentSequence(Path directory, long mostBytes) throws IOException {
    this.directory = directory;
    this.mostBytes = mostBytes;
    this.current = open();
  }

  Path directory() {
    return directory;
  }

  /** The segment that is being written. */
  SegmentWriter current() {
    return current;
  }

  /** Samples in the segments that are there, those that wait in a buffer too. */
  long samples() {
    return fullSamples + (current == null ? 0 : current.samples());
  }

  /**
   * Goes on with another segment if the current one is full.
   *
   * @return whether there is a new one
   */
  boolean nextIfFull() throws IOException {
    if (current.size() < mostBytes / SEGMENTS) {
      return false;
    }
    current.flush();
    current.close();
    full.add(new Full(current.path(), current.size(), current.samples()));
    fullBytes += current.size();
    fullSamples += current.samples();
    samplesBefore += current.samples();
    current = null;
    current = open();
    return true;
  }

  /** Deletes the oldest segment if all together are too large. */
  void dropOldestIfTooLarge() throws IOException {
    if (fullBytes + current.size() <= mostBytes) {
      return;
    }
    Full oldest = full.poll();
    if (oldest != null) {
      fullBytes -= oldest.bytes();
      fullSamples -= oldest.samples();
      Files.deleteIfExists(oldest.path());
    }
  }

  /** Closes the current segment; what is in its buffer is lost. */
  @Override
  public void close() throws IOException {
    if (current != null) {
      current.close();
    }
  }

  private SegmentWriter open() throws IOException {
    lastNumber++;
    Path path = SegmentDirectory.createSegment(directory, lastNumber);
    return new SegmentWriter(path, lastNumber, samplesBefore);
  }
}
