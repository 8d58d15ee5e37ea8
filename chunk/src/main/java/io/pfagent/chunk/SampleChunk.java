package io.pfagent.chunk;

import java.io.IOException;

/**
 * Writes a chunk of samples, to stand behind the chunks of a recording.
 *
 * <pre>
 *   header | event event ... constants | event event ... constants | ... | types
 * </pre>
 *
 * The types are described by an event of the JVM itself, byte for byte. Constants follow the events
 * that need them, a megabyte at a time, so that any number of samples takes bounded memory.
 */
final class SampleChunk {

  static final String EVENT = "pfagent.PageFault";

  private static final int CONSTANTS = 1;
  private static final int PENDING_BYTES = 1 << 20;
  private static final int MOST_SIZE_BYTES = 5;

  private static final String[] FIELDS = {
    "startTime",
    "duration",
    "eventThread",
    "stackTrace",
    "regionId",
    "kind",
    "address",
    "offset",
    "major",
    "inKernel",
    "weight",
    "stackState"
  };

  private final FileOutput out;
  private final ChunkHeader twin;
  private final Metadata metadata;
  private final SamplePools pools;
  private final StructLayout event;
  private final ByteWriter scratch = new ByteWriter(1024);
  private long start;
  private long poolPosition;
  private long samples;

  /**
   * Prepares the chunk; it begins with the first sample.
   *
   * @param twin the chunk of the JVM that was open when the samples were taken
   * @param metadata describes {@link #EVENT}
   */
  SampleChunk(FileOutput out, ChunkHeader twin, Metadata metadata, SamplePools pools)
      throws IOException {
    this.out = out;
    this.twin = twin;
    this.metadata = metadata;
    this.pools = pools;
    this.event = StructLayout.of(metadata, EVENT, FIELDS);
    event.require(5, Encoding.STRING);
    event.require(8, Encoding.BYTE);
    event.require(9, Encoding.BYTE);
    event.require(11, Encoding.STRING);
  }

  /**
   * Writes a sample.
   *
   * @param ticks when, on the clock of the recording
   * @param entries what the sample refers to
   */
  void write(Sample sample, long ticks, SegmentEntries entries) throws IOException {
    if (samples == 0) {
      start = out.size();
      out.buffer().append(new byte[ChunkHeader.BYTES]);
    }
    samples++;
    event.set(0, ticks);
    event.set(2, pools.thread(sample.thread(), entries));
    event.set(3, pools.stack(sample.stack(), entries));
    event.set(4, sample.regionId());
    event.set(5, pools.text(sample.kind(), entries));
    event.set(6, sample.address());
    event.set(7, sample.offset());
    event.set(8, sample.isMajor() ? 1 : 0);
    event.set(9, sample.inKernel() ? 1 : 0);
    event.set(10, sample.weight());
    event.set(11, pools.text(sample.stackState(), entries));
    scratch.clear();
    scratch.number(event.type().id());
    event.writeTo(scratch);
    writeScratch();
    if (pools.pendingBytes() >= PENDING_BYTES) {
      writeConstants();
    }
  }

  /** How many samples it has. */
  long samples() {
    return samples;
  }

  /** Writes the rest of the chunk, if it has begun. */
  void finish() throws IOException {
    if (samples == 0) {
      return;
    }
    if (poolPosition == 0 || pools.pendingBytes() > 0) {
      writeConstants();
    }
    long metadataPosition = out.size() - start;
    out.buffer().append(metadata.event());
    out.flushIfFull();
    scratch.clear();
    twin.forSamples(start, out.size() - start, poolPosition, metadataPosition).writeTo(scratch);
    out.correct(start, scratch);
  }

  private void writeConstants() throws IOException {
    long position = out.size() - start;
    scratch.clear();
    scratch.number(CONSTANTS);
    scratch.number(twin.startTicks());
    scratch.number(0);
    scratch.number(poolPosition == 0 ? 0 : poolPosition - position);
    scratch.put(0);
    pools.writeTo(scratch);
    poolPosition = position;
    writeScratch();
  }

  /** Writes an event: its size, which counts itself, and the rest. */
  private void writeScratch() throws IOException {
    int sizeBytes = 1;
    while (sizeBytes < MOST_SIZE_BYTES && (scratch.size() + sizeBytes) >>> (7 * sizeBytes) != 0) {
      sizeBytes++;
    }
    out.buffer().number(scratch.size() + sizeBytes);
    out.buffer().append(scratch);
    out.flushIfFull();
  }
}
