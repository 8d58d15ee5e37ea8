package io.pfagent.kernel;

import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Fresh anonymous memory for live tests, in base pages unless asked otherwise. */
final class AnonymousMemory implements AutoCloseable {

  final long address;
  final long size;
  final long pageSize = LibC.pageSize();

  private final long mappedAddress;
  private final long mappedSize;

  private AnonymousMemory(long size, long alignment, int advice) {
    this.size = size;
    mappedSize = size + alignment;
    mappedAddress =
        LibC.mmap(0, mappedSize, LibC.PROT_READ_WRITE, LibC.MAP_PRIVATE_ANONYMOUS, -1, 0);
    if (mappedAddress == LibC.MAP_FAILED) {
      throw new IllegalStateException("mmap of " + mappedSize + " bytes: errno " + LibC.errno());
    }
    address = (mappedAddress + alignment - 1) & -alignment;
    LibC.madvise(mappedAddress, mappedSize, advice);
  }

  static AnonymousMemory ofPages(long pages) {
    long pageSize = LibC.pageSize();
    return new AnonymousMemory(pages * pageSize, pageSize, LibC.MADV_NOHUGEPAGE);
  }

  /** Memory that may be mapped by huge pages of this size. */
  static AnonymousMemory huge(long count, long hugePageSize) {
    return new AnonymousMemory(count * hugePageSize, hugePageSize, LibC.MADV_HUGEPAGE);
  }

  /** Stores one byte into each page of a part. */
  void touch(long offset, long bytes) {
    Pointer memory = new Pointer(address);
    for (long at = offset; at < offset + bytes; at += pageSize) {
      memory.setByte(at, (byte) 1);
    }
  }

  /** Has the kernel store zeros into all of it: a part of a file of zeros is read. */
  void fillByKernel() {
    byte[] name = "/dev/zero\0".getBytes(StandardCharsets.US_ASCII);
    ByteBuffer path = LibC.newBuffer(name.length).put(0, name);
    int fd = LibC.openat(-1, LibC.address(path), LibC.O_RDONLY_CLOEXEC);
    long read = LibC.read(fd, address, size);
    LibC.close(fd);
    if (read != size) {
      throw new IllegalStateException("read of " + size + " bytes gave " + read);
    }
  }

  /** Reads one byte of the page at this offset. */
  byte load(long offset) {
    return new Pointer(address).getByte(offset);
  }

  @Override
  public void close() {
    LibC.munmap(mappedAddress, mappedSize);
  }
}
