package io.pfagent.chunk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Makes samples events of a recording: for each chunk of the JVM a chunk of samples is written
 * behind them all. The recording itself is never changed: the new file takes its place whole, or
 * not at all.
 *
 * <p>It takes memory for the entries of one segment and for what samples refer to, not for the
 * samples.
 */
public final class RecordingJoin {

  private final RecordingChunks recording;
  private final SampleFileReader samples;
  private final Map<String, Integer> packageNumbers = new HashMap<>();
  private long joined;

  private RecordingJoin(RecordingChunks recording, SampleFileReader samples) {
    this.recording = recording;
    this.samples = samples;
  }

  /**
   * Joins the samples to the recording itself. A recording of another time than the samples is left
   * alone.
   *
   * @param samples a directory that a {@link SampleFile} writes or has written
   * @throws JoinException if that can't be done; the recording is as it was
   */
  public static JoinResult append(Path recording, Path samples) throws JoinException {
    return join(recording, samples, recording);
  }

  /**
   * Writes a recording that has the samples too.
   *
   * @param samples a directory that a {@link SampleFile} writes or has written
   * @param out takes the place of what it names; may name the recording itself
   * @throws JoinException if that can't be done; {@code out} is as it was
   */
  public static JoinResult join(Path recording, Path samples, Path out) throws JoinException {
    try (RecordingChunks chunks = RecordingChunks.open(recording)) {
      return new RecordingJoin(chunks, SampleFileReader.open(samples)).to(out);
    } catch (JoinException clear) {
      throw clear;
    } catch (IOException e) {
      throw new JoinException(
          "cannot join %s and %s to %s, which is left as it was: %s"
              .formatted(recording, samples, out, e.getMessage()),
          e);
    }
  }

  private JoinResult to(Path out) throws IOException {
    checkNotJoined();
    SampleSurvey survey = SampleSurvey.of(samples);
    if (survey.samples() > 0 && survey.epochNanos().isEmpty()) {
      throw new JoinException("the samples have no reading of a clock, so their times are unknown");
    }
    Path target = Files.exists(out) ? out.toRealPath() : out.toAbsolutePath();
    boolean isOwn = target.equals(recording.path().toRealPath());
    SampleTimes times = new SampleTimes(recording.chunks(), survey);
    boolean isAny =
        IntStream.range(0, times.chunks().size()).anyMatch(chunk -> isAnyIn(chunk, survey, times));
    long bytes = isOwn && !isAny ? recording.size() : writeBeside(target, survey, times);
    return new JoinResult(joined, survey.samples() - joined, samples.droppedSamples(), bytes);
  }

  private void checkNotJoined() throws JoinException {
    Map<Long, ChunkHeader> byStart = new HashMap<>();
    for (ChunkHeader chunk : recording.chunks()) {
      byStart.put(chunk.startNanos(), chunk);
    }
    for (ChunkHeader chunk : recording.chunks()) {
      ChunkHeader before = byStart.get(chunk.startNanos() - 1);
      if (before != null && before.isMatchedBy(chunk)) {
        throw new JoinException(
            recording.path() + " has samples joined to it already; take it as it is");
      }
    }
  }

  private static boolean isAnyIn(int chunk, SampleSurvey survey, SampleTimes times) {
    return survey.spans().stream().anyMatch(span -> times.overlaps(span, chunk));
  }

  private long writeBeside(Path target, SampleSurvey survey, SampleTimes times) throws IOException {
    Path folder = target.getParent();
    if (!Files.isDirectory(folder)) {
      throw new JoinException("cannot write %s: its directory does not exist".formatted(target));
    }
    if (Files.isDirectory(target)) {
      throw new JoinException("cannot write %s: it is a directory".formatted(target));
    }
    long room = Files.getFileStore(folder).getUsableSpace();
    if (room < recording.size()) {
      throw new JoinException(
          "too little room in %s: a copy of the recording takes %,d bytes, there are %,d"
              .formatted(folder, recording.size(), room));
    }
    Path beside = Files.createTempFile(folder, "." + target.getFileName() + "-", ".tmp");
    try {
      long bytes = write(beside, survey, times);
      Files.setPosixFilePermissions(beside, Files.getPosixFilePermissions(recording.path()));
      Files.move(beside, target, StandardCopyOption.ATOMIC_MOVE);
      return bytes;
    } finally {
      Files.deleteIfExists(beside);
    }
  }

  private long write(Path file, SampleSurvey survey, SampleTimes times) throws IOException {
    try (FileOutput out = new FileOutput(file)) {
      out.copy(recording.file(), recording.end());
      finish(out);
      Metadata last = null;
      for (int chunk = 0; chunk < times.chunks().size(); chunk++) {
        if (isAnyIn(chunk, survey, times)) {
          last = writeChunk(out, chunk, survey, times, last);
        }
      }
      if (recording.file().size() != recording.size()) {
        throw new JoinException(
            recording.path() + " was written to meanwhile; join it when it is finished");
      }
      out.force();
      return out.size();
    }
  }

  /** The last chunk of a JVM that was killed ends with its last flush. */
  private void finish(FileOutput out) throws IOException {
    ChunkHeader last = recording.chunks().get(recording.chunks().size() - 1);
    if (!last.isFinished()) {
      ByteWriter header = new ByteWriter(ChunkHeader.BYTES);
      last.finished().writeTo(header);
      out.correct(last.start(), header);
    }
  }

  private Metadata writeChunk(
      FileOutput out, int chunk, SampleSurvey survey, SampleTimes times, Metadata last)
      throws IOException {
    ChunkHeader twin = times.chunks().get(chunk);
    Metadata own = recording.metadata(twin);
    ThreadKeys keys = ThreadKeys.read(recording, twin, own);
    Metadata metadata = own.find(SampleChunk.EVENT) != null ? own : describing(last);
    SampleChunk written =
        new SampleChunk(out, twin, metadata, new SamplePools(metadata, keys, packageNumbers));
    for (SampleSurvey.Span span : survey.spans()) {
      if (times.overlaps(span, chunk)) {
        span.segment().read(new SamplesOfChunk(times, chunk, written));
      }
    }
    written.finish();
    joined += written.samples();
    return metadata;
  }

  /** A chunk that ended before the event was registered lacks it; the types are the same. */
  private Metadata describing(Metadata last) throws IOException {
    if (last != null) {
      return last;
    }
    for (ChunkHeader chunk : recording.chunks()) {
      Metadata metadata = recording.metadata(chunk);
      if (metadata.find(SampleChunk.EVENT) != null) {
        return metadata;
      }
    }
    throw new JoinException(
        "%s does not know the event %s: it was made without pfagent, or ended before pfagent came"
            .formatted(recording.path(), SampleChunk.EVENT));
  }

  /** Passes on the samples that belong to a chunk. */
  private static final class SamplesOfChunk extends SegmentEntries {

    private final SampleTimes times;
    private final int chunk;
    private final SampleChunk out;

    SamplesOfChunk(SampleTimes times, int chunk, SampleChunk out) {
      this.times = times;
      this.chunk = chunk;
      this.out = out;
    }

    @Override
    public void sample(Sample sample) throws IOException {
      if (times.chunkAt(sample.nanoTime()) == chunk) {
        out.write(sample, times.ticks(sample.nanoTime(), chunk), this);
      }
    }
  }
}
