package io.pfagent.chunk;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * Samples on disk, in a directory of their own: a few segments, of which the oldest goes when there
 * are too many. Only their owner can read them.
 *
 * <p>What {@link #flush} has written stays, even if the process is killed right after it. To take a
 * sample makes no object. Any thread may call any method.
 *
 * <p>A write that fails, for want of room above all, is thrown once; from then on nothing is
 * written, what comes is counted as dropped, and no method throws. The samples up to the failure
 * can still be read.
 *
 * <p>The numbers that {@link #thread}, {@link #method} and {@link #stack} give hold until {@link
 * #generation} changes, which only {@link #flush} does, when the dictionary has grown too large.
 * What refers to an older number is written without it: a sample without its thread or stack, a
 * stack not at all.
 */
public final class SampleFile implements AutoCloseable {

  /** Bytes on disk, unless said otherwise. */
  public static final long DEFAULT_MOST_BYTES = 64L << 20;

  /** The smallest bound that is taken, in bytes. */
  public static final long LEAST_BYTES = 1L << 20;

  private static final int SEGMENTS = 8;

  private final Path directory;
  private final long mostBytes;
  private final SampleDictionary dictionary;
  private final Deque<OldSegment> oldSegments = new ArrayDeque<>();
  private final Map<String, Integer> labels = new HashMap<>();
  private long oldBytes;
  private long oldSamples;
  private long samplesBefore;
  private long taken;
  private SegmentWriter segment;
  private int segmentNumber;
  private long previousNanoTime;
  private ClockReading clock;
  private boolean isClockWritten;
  private boolean followsSample;
  private boolean isStopped;

  private record OldSegment(Path path, long bytes, long samples) {}

  private SampleFile(Path directory, long mostBytes, long mostHeapBytes) {
    this.directory = directory;
    this.mostBytes = mostBytes;
    this.dictionary = new SampleDictionary(mostHeapBytes);
  }

  /**
   * Begins a sample file.
   *
   * @param directory a directory that doesn't exist or is empty
   * @param mostBytes how much room on disk it may take
   * @throws FileAlreadyExistsException if the directory holds samples
   * @throws IllegalArgumentException if there are to be fewer bytes than {@link #LEAST_BYTES}
   */
  public static SampleFile create(Path directory, long mostBytes) throws IOException {
    return create(directory, mostBytes, SampleDictionary.MOST_HEAP_BYTES);
  }

  static SampleFile create(Path directory, long mostBytes, long mostHeapBytes) throws IOException {
    if (mostBytes < LEAST_BYTES) {
      throw new IllegalArgumentException(
          "samples need room for %,d bytes at least, not %,d".formatted(LEAST_BYTES, mostBytes));
    }
    SegmentDirectory.create(directory);
    SampleFile file = new SampleFile(directory, mostBytes, mostHeapBytes);
    file.openSegment();
    return file;
  }

  /** Deletes a sample file: its segments, and the directory if nothing else is in it. */
  public static void delete(Path directory) throws IOException {
    SegmentDirectory.delete(directory);
  }

  /**
   * The number of a thread.
   *
   * @param osThreadId the kernel's number of it
   * @param osName the kernel's name of it, or null
   * @param javaThreadId as {@link Thread#getId()} gives; 0 if it is no Java thread
   * @param javaName its name in Java, or null
   * @return 0 if the dictionary is full
   */
  public synchronized int thread(
      long osThreadId, String osName, long javaThreadId, String javaName, boolean isVirtual) {
    return dictionary.thread(osThreadId, osName, javaThreadId, javaName, isVirtual);
  }

  /**
   * The number of a method.
   *
   * @param className as class files have it: {@code java/lang/String}
   * @param descriptor as class files have it: {@code (I)V}; null if it is not known
   * @param isHidden whether it is one that stack traces leave out
   * @return 0 if the dictionary is full
   */
  public synchronized int method(
      String className, String methodName, String descriptor, boolean isHidden) {
    return dictionary.method(className, methodName, descriptor, isHidden);
  }

  /**
   * The number of a stack.
   *
   * @return 0 if it is empty, if one of its methods has an old number, or if the dictionary is full
   */
  public synchronized int stack(Frames frames) {
    return dictionary.stack(frames);
  }

  /** Changes when all numbers have become old. */
  public synchronized int generation() {
    return dictionary.generation();
  }

  /**
   * Takes a sample; {@link Sample} says what the values mean.
   *
   * @param kind one of a few texts
   * @param stackState one of a few texts, or null
   * @throws IOException if it can't be written, the first time
   */
  public synchronized void sample(
      long nanoTime,
      int thread,
      int stack,
      long regionId,
      String kind,
      long address,
      long offset,
      boolean isMajor,
      long weight,
      String stackState)
      throws IOException {
    taken++;
    if (isStopped) {
      return;
    }
    try {
      if (segment.size() >= mostBytes / SEGMENTS) {
        nextSegment();
      }
      int kindNumber = label(kind);
      int stateNumber = label(stackState);
      int knownThread = dictionary.enterThread(thread, segment, segmentNumber);
      int knownStack = dictionary.enterStack(stack, segment, segmentNumber);
      dictionary.enterText(kindNumber, segment, segmentNumber);
      dictionary.enterText(stateNumber, segment, segmentNumber);
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
      out.number(weight);
      out.number(stateNumber);
      previousNanoTime = nanoTime;
      followsSample = true;
      segment.sampleDone();
      if (oldBytes + segment.size() > mostBytes) {
        dropOldest();
      }
    } catch (IOException failure) {
      throw stop(failure);
    }
  }

  /**
   * Notes what the clocks say. Between two readings time is interpolated, so there should be one at
   * the beginning, before each {@link #flush} and at the end.
   *
   * @throws IOException if it can't be written, the first time
   */
  public synchronized void clock(ClockReading reading) throws IOException {
    clock = reading;
    // A reading that follows another is of use only if a sample comes after it.
    isClockWritten = false;
    if (followsSample && !isStopped) {
      try {
        writeClock();
      } catch (IOException failure) {
        throw stop(failure);
      }
    }
  }

  /**
   * Hands all that was taken to the kernel, so that it stays if the process is killed.
   *
   * @throws IOException if it can't be written, the first time
   */
  public synchronized void flush() throws IOException {
    if (isStopped) {
      return;
    }
    try {
      segment.flush();
      if (dictionary.renewIfFull()) {
        labels.clear();
      }
    } catch (IOException failure) {
      throw stop(failure);
    }
  }

  /** Samples that were taken and are not on disk: of segments that went, or after a failure. */
  public synchronized long droppedSamples() {
    if (segment == null) {
      return taken - oldSamples;
    }
    return taken - oldSamples - (isStopped ? segment.samplesInFile() : segment.samples());
  }

  /** Samples that were taken, the dropped ones too. */
  public synchronized long takenSamples() {
    return taken;
  }

  /** Where the segments are. */
  public Path directory() {
    return directory;
  }

  /**
   * Writes the rest and closes the file. What comes later is counted as dropped.
   *
   * @throws IOException if the rest can't be written
   */
  @Override
  public synchronized void close() throws IOException {
    if (isStopped) {
      return;
    }
    flush();
    isStopped = true;
    segment.close();
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
      ByteWriter out = segment.block();
      out.put(SegmentFormat.CLOCK);
      out.number(clock.nanoTime());
      out.number(clock.ticks());
      out.number(clock.epochNanos());
      segment.recordDone();
    }
  }

  private void nextSegment() throws IOException {
    SegmentWriter full = segment;
    full.flush();
    full.close();
    oldSegments.add(new OldSegment(full.path(), full.size(), full.samples()));
    oldBytes += full.size();
    oldSamples += full.samples();
    samplesBefore += full.samples();
    segment = null;
    openSegment();
  }

  private void openSegment() throws IOException {
    segmentNumber++;
    Path path = SegmentDirectory.createSegment(directory, segmentNumber);
    segment = new SegmentWriter(path, samplesBefore);
    previousNanoTime = 0;
    isClockWritten = false;
    followsSample = false;
  }

  private void dropOldest() throws IOException {
    OldSegment oldest = oldSegments.poll();
    if (oldest != null) {
      oldBytes -= oldest.bytes();
      oldSamples -= oldest.samples();
      Files.deleteIfExists(oldest.path());
    }
  }

  /** From here on nothing is written; what is in the buffer is lost. */
  private IOException stop(IOException failure) {
    isStopped = true;
    try {
      if (segment != null) {
        segment.close();
      }
    } catch (IOException another) {
      failure.addSuppressed(another);
    }
    return new IOException(
        "samples can't be written to %s any more, and are dropped: %s"
            .formatted(directory, failure.getMessage()),
        failure);
  }
}
