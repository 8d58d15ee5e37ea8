package io.pfagent.kernel;

import java.nio.ByteBuffer;

/**
 * Reads this process's own memory by process_vm_readv(2): an address that is no longer mapped gives
 * a failed read, where a plain load would crash the JVM. Not for several threads at once.
 *
 * <pre>
 * one buffer:   0         8          16        24          32            32 + 4096
 *               +---------+----------+---------+-----------+-- - - - - --+
 *               | local   | local    | remote  | remote    | the bytes   |
 *               | address | length   | address | length    | read        |
 *               +---------+----------+---------+-----------+-- - - - - --+
 *               struct iovec         struct iovec
 * </pre>
 */
final class SelfMemory {

  /** The most bytes that one call reads. */
  static final int MOST_BYTES = 4096;

  private static final int LOCAL = 0;
  private static final int REMOTE = 16;
  private static final int LENGTH = 8;
  private static final int DATA = 32;

  private final ByteBuffer buffer = LibC.newBuffer(DATA + MOST_BYTES);
  private final long address = LibC.address(buffer);
  private final int pid = LibC.getpid();

  /** Whether the kernel allows such reads at all; if not, {@link LibC#errno()} tells why. */
  boolean works() {
    return read(address, Long.BYTES);
  }

  /**
   * Reads bytes, to be had by {@link #getInt()}, {@link #getLong} or {@link #copy}.
   *
   * @return whether all of them could be read
   */
  boolean read(long from, int bytes) {
    buffer.putLong(LOCAL, address + DATA).putLong(LOCAL + LENGTH, bytes);
    buffer.putLong(REMOTE, from).putLong(REMOTE + LENGTH, bytes);
    return LibC.process_vm_readv(pid, address + LOCAL, 1, address + REMOTE, 1, 0) == bytes;
  }

  /** The first four bytes of the last read. */
  int getInt() {
    return buffer.getInt(DATA);
  }

  /** Eight bytes of the last read, from this offset on. */
  long getLong(int offset) {
    return buffer.getLong(DATA + offset);
  }

  /** Copies the first bytes of the last read. */
  void copy(byte[] target) {
    buffer.get(DATA, target);
  }
}
