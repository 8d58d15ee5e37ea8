package io.pfagent.kernel;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.IntConsumer;

/**
 * {@code /proc/self/task}, read with plain system calls and three buffers that are used again and
 * again: no garbage with thousands of threads, and no file-read events in the application's own
 * recording. Not for several threads at once.
 *
 * <pre>
 * struct linux_dirent64 (include/linux/dirent.h)
 *   0       8       16         18       19
 *   +-------+-------+----------+--------+---------------------+
 *   | d_ino | d_off | d_reclen | d_type | d_name, ends with 0  |
 *   +-------+-------+----------+--------+---------------------+
 * </pre>
 */
final class TaskDirectory implements AutoCloseable {

  private static final int AT_FDCWD = -100;
  private static final int D_RECLEN = 16;
  private static final int D_NAME = 19;

  // About 1300 threads per call. Between two calls the kernel may lose its place if threads end.
  private static final int ENTRIES_BYTES = 32 * 1024;
  // status takes some 1.5 kB, more on machines with many processors and NUMA nodes.
  private static final int TEXT_BYTES = 16 * 1024;
  private static final int PATH_BYTES = 64;

  private final long getdents64;
  private final ByteBuffer entries = LibC.newBuffer(ENTRIES_BYTES);
  private final ByteBuffer text = LibC.newBuffer(TEXT_BYTES);
  private final ByteBuffer path = LibC.newBuffer(PATH_BYTES);
  private final long entriesAddress = LibC.address(entries);
  private final long textAddress = LibC.address(text);
  private final long pathAddress = LibC.address(path);

  private int directory;
  private final int openErrno;

  TaskDirectory(SystemCallNumbers numbers) {
    getdents64 = numbers.getdents64();
    path.put(0, "/proc/self/task\0".getBytes(StandardCharsets.US_ASCII));
    directory = LibC.openat(AT_FDCWD, pathAddress, LibC.O_RDONLY_CLOEXEC);
    openErrno = directory < 0 ? LibC.errno() : 0;
  }

  /** Why the directory could not be opened, or 0. */
  int openErrno() {
    return openErrno;
  }

  /** Calls the visitor with each thread's id; returns how many, or -1 if it can't be listed. */
  int forEach(IntConsumer visitor) {
    if (directory < 0 || LibC.lseek(directory, 0, LibC.SEEK_SET) < 0) {
      return -1;
    }
    int visited = 0;
    while (true) {
      int bytes = (int) LibC.syscall(getdents64, directory, entriesAddress, ENTRIES_BYTES);
      if (bytes <= 0) {
        return bytes < 0 && visited == 0 ? -1 : visited;
      }
      for (int entry = 0; entry < bytes; entry += entries.getShort(entry + D_RECLEN)) {
        long tid = AsciiText.number(entries, entry + D_NAME);
        if (tid >= 0) { // not "." and ".."
          visitor.accept((int) tid);
          visited++;
        }
      }
    }
  }

  /**
   * Reads one of a thread's files.
   *
   * @param suffix what follows the thread's id, for example {@code /stat}, with a zero at its end
   * @return the text up to its limit, good until the next call; empty if there is none to read
   */
  ByteBuffer read(int tid, byte[] suffix) {
    text.limit(0);
    if (directory < 0) {
      return text;
    }
    path.put(putDecimal(tid), suffix);
    int fd = LibC.openat(directory, pathAddress, LibC.O_RDONLY_CLOEXEC);
    if (fd >= 0) {
      text.limit((int) Math.max(0, LibC.read(fd, textAddress, TEXT_BYTES)));
      LibC.close(fd);
    }
    return text;
  }

  @Override
  public void close() {
    if (directory >= 0) {
      LibC.close(directory);
      directory = -1;
    }
  }

  /** Writes the number at the start of the path; returns the index behind it. */
  private int putDecimal(int number) {
    int digits = 1;
    for (int rest = number / 10; rest > 0; rest /= 10) {
      digits++;
    }
    int rest = number;
    for (int i = digits - 1; i >= 0; i--) {
      path.put(i, (byte) ('0' + rest % 10));
      rest /= 10;
    }
    return digits;
  }
}
