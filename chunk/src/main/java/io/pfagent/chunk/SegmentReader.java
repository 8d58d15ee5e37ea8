package io.pfagent.chunk;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/** Reads one segment, up to the first block that is not whole. */
final class SegmentReader {

  private final Path path;
  private final long samplesBefore;

  private SegmentReader(Path path, long samplesBefore) {
    this.path = path;
    this.samplesBefore = samplesBefore;
  }

  /**
   * Looks at the header.
   *
   * @return null if the file ends within it: the process was killed right then
   * @throws JoinException if it is no segment, or one of another version
   */
  static SegmentReader open(Path path) throws IOException {
    try (DataInputStream in = new DataInputStream(Files.newInputStream(path))) {
      long magic = in.readLong();
      int version = in.readInt();
      if (magic != SegmentFormat.MAGIC) {
        throw new JoinException(path + " holds no samples of pfagent");
      }
      if (version != SegmentFormat.VERSION) {
        throw new JoinException(
            "%s holds samples in format %d, this pfagent reads format %d; use the one that wrote it"
                .formatted(path, version, SegmentFormat.VERSION));
      }
      in.readInt(); // pid, for people
      return new SegmentReader(path, in.readLong());
    } catch (EOFException torn) {
      return null;
    }
  }

  /** How many samples were taken before those in it. */
  long samplesBefore() {
    return samplesBefore;
  }

  /** Shows all that it holds; nothing if the writer has dropped it meanwhile. */
  void read(SampleVisitor visitor) throws IOException {
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(path), 1 << 16))) {
      in.skipNBytes(SegmentFormat.HEADER_BYTES);
      new Records(path, visitor).read(in);
    } catch (NoSuchFileException dropped) {
      // To keep within the bound; those who count find the samples missing.
    }
  }

  private static final class Records {

    private final Path path;
    private final SampleVisitor visitor;
    private final CRC32C checksum = new CRC32C();
    private byte[] block = new byte[SegmentFormat.BLOCK_BYTES + 4096];
    private long previousNanoTime;

    Records(Path path, SampleVisitor visitor) {
      this.path = path;
      this.visitor = visitor;
    }

    void read(DataInputStream in) throws IOException {
      int length = nextBlock(in);
      while (length > 0) {
        ByteReader records = new ByteReader(block, length);
        while (records.hasMore()) {
          readRecord(records);
        }
        length = nextBlock(in);
      }
    }

    /** The length of the next block, or 0 if there is none that is whole. */
    private int nextBlock(DataInputStream in) throws IOException {
      try {
        int length = in.readInt();
        int expected = in.readInt();
        if (length <= 0 || length > SegmentFormat.MOST_BLOCK_BYTES) {
          return 0;
        }
        if (length > block.length) {
          block = new byte[length];
        }
        in.readFully(block, 0, length);
        checksum.reset();
        checksum.update(block, 0, length);
        return (int) checksum.getValue() == expected ? length : 0;
      } catch (EOFException end) {
        return 0;
      }
    }

    private void readRecord(ByteReader in) throws IOException {
      int type = in.get();
      switch (type) {
        case SegmentFormat.TEXT -> visitor.text(number(in), in.text());
        case SegmentFormat.THREAD -> visitor.thread(number(in), SampleThread.read(in));
        case SegmentFormat.METHOD -> visitor.method(number(in), SampleMethod.read(in));
        case SegmentFormat.STACK -> visitor.stack(number(in), SampleStack.read(in));
        case SegmentFormat.CLOCK -> visitor.clock(ClockReading.read(in));
        case SegmentFormat.SAMPLE -> {
          Sample sample = Sample.read(in, previousNanoTime);
          previousNanoTime = sample.nanoTime();
          visitor.sample(sample);
        }
        default -> throw new JoinException("%s holds a record of type %d".formatted(path, type));
      }
    }

    private int number(ByteReader in) throws IOException {
      long number = in.number();
      if (number <= 0 || number >= SegmentFormat.MOST_ENTRIES) {
        throw new JoinException("%s holds an entry with number %d".formatted(path, number));
      }
      return (int) number;
    }
  }
}
