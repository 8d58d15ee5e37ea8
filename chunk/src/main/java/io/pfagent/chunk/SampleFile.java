package io.pfagent.chunk;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;

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

  private final SegmentSequence segments;
  private final SampleDictionary dictionary;
  private final SampleRecords records;
  private long taken;
  private boolean isStopped;

  private SampleFile(SegmentSequence segments, SampleDictionary dictionary) {
    this.segments = segments;
    this.dictionary = dictionary;
    this.records = new SampleRecords(segments, dictionary);
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
    return new SampleFile(
        new SegmentSequence(directory, mostBytes), new SampleDictionary(mostHeapBytes));
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
      boolean inKernel,
      long weight,
      String stackState)
      throws IOException {
    taken++;
    if (isStopped) {
      return;
    }
    try {
      records.sample(
          nanoTime,
          thread,
          stack,
          regionId,
          kind,
          address,
          offset,
          isMajor,
          inKernel,
          weight,
          stackState);
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
    if (isStopped) {
      return;
    }
    try {
      records.clock(reading);
    } catch (IOException failure) {
      throw stop(failure);
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
      records.flush();
    } catch (IOException failure) {
      throw stop(failure);
    }
  }

  /** Samples that were taken and are not on disk: of segments that went, or after a failure. */
  public synchronized long droppedSamples() {
    return taken - segments.samples();
  }

  /** Samples that were taken, the dropped ones too. */
  public synchronized long takenSamples() {
    return taken;
  }

  /** Where the segments are. */
  public Path directory() {
    return segments.directory();
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
    segments.close();
  }

  /** From here on nothing is written; what is in the buffer is lost. */
  private IOException stop(IOException failure) {
    isStopped = true;
    try {
      segments.close();
    } catch (IOException another) {
      failure.addSuppressed(another);
    }
    return new IOException(
        "samples can't be written to %s any more, and are dropped: %s"
            .formatted(segments.directory(), failure.getMessage()),
        failure);
  }
}
