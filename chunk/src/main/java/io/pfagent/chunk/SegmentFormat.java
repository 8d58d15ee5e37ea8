package io.pfagent.chunk;

/**
 * A segment of a sample file; docs/samples.md says what the parts mean. Fixed numbers are big
 * endian, all others are packed as {@link ByteWriter} does.
 *
 * <pre>
 *   0           8         12       16            24
 *   +-----------+---------+--------+-------------+-------+-------+---
 *   | PFSAMPLE  | version |  pid   |samples      | block | block | ...
 *   |           |         |        |before it    |       |       |
 *   +-----------+---------+--------+-------------+-------+-------+---
 *
 *   block    0        4        8
 *            +--------+--------+--------+--------+---
 *            | length | CRC32C | record | record | ...
 *            +--------+--------+--------+--------+---
 *
 *   record   TEXT   id text
 *            THREAD id osThreadId javaThreadId virtual osName? javaName?
 *            METHOD id class name descriptor hidden
 *            STACK  id truncated count { method line+1 bytecodeIndex+1 type }
 *            CLOCK  nanoTime ticks epochNanos
 *            SAMPLE nanoTime-previous thread stack regionId kind address offset+1
 *                   major inKernel weight stackState
 * </pre>
 */
final class SegmentFormat {

  static final long MAGIC = 0x504653414d504c45L;
  static final int VERSION = 2;
  static final int HEADER_BYTES = 24;
  static final int BLOCK_HEADER_BYTES = 8;

  /** A block is written when it has come to this size. */
  static final int BLOCK_BYTES = 64 << 10;

  /** A block ends with the record that filled it, so none is larger than this by far. */
  static final int MOST_BLOCK_BYTES = 1 << 20;

  static final int TEXT = 1;
  static final int THREAD = 2;
  static final int METHOD = 3;
  static final int STACK = 4;
  static final int CLOCK = 5;
  static final int SAMPLE = 6;

  /** Numbers of entries stay below, so that a reader can keep a bit for each. */
  static final int MOST_ENTRIES = 1 << 27;

  /** Longer names are cut. */
  static final int MOST_CHARS = 4096;

  private SegmentFormat() {}
}
