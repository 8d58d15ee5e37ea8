package io.pfagent.kernel;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Fresh anonymous memory in whole page tables, for one round of a measurement. */
final class MeasuredMemory implements AutoCloseable {

  private final long mapped;
  private final long mappedBytes;
  private final long start;
  private final long bytes;
  private final long tableBytes;
  private final int pageSize;
  private final ByteBuffer memory;

  private MeasuredMemory(long mapped, long mappedBytes, long bytes, long tableBytes) {
    this.mapped = mapped;
    this.mappedBytes = mappedBytes;
    this.bytes = bytes;
    this.tableBytes = tableBytes;
    start = (mapped + tableBytes - 1) & -tableBytes;
    pageSize = (int) LibC.pageSize();
    memory = LibC.buffer(start, bytes);
  }

  /**
   * Maps memory of which nothing is there yet.
   *
   * @param bytes at most {@link FirstWriteCosts#MOST_BYTES}
   */
  static MeasuredMemory map(long bytes) throws IOException {
    // A page table has an entry of 8 bytes for each page, on x86-64 and aarch64.
    long tableBytes = LibC.pageSize() / Long.BYTES * LibC.pageSize();
    long mappedBytes = bytes + tableBytes;
    long mapped =
        LibC.mmap(0, mappedBytes, LibC.PROT_READ_WRITE, LibC.MAP_PRIVATE_ANONYMOUS, -1, 0);
    if (mapped == LibC.MAP_FAILED) {
      throw new IOException(
          "mmap of %d MB: %s; choose a smaller size"
              .formatted(mappedBytes >> 20, Errno.name(LibC.errno())));
    }
    return new MeasuredMemory(mapped, mappedBytes, bytes, tableBytes);
  }

  /** Asks for large pages, where that is the way to have them, or forbids them. */
  void advise(PageSupply.Way way) throws IOException {
    switch (way) {
      // Fails only on kernels without huge pages, where it is not needed.
      case BASE -> LibC.madvise(mapped, mappedBytes, LibC.MADV_NOHUGEPAGE);
      // Fills a slot with one large page where they are not forbidden.
      case MULTI_PAGE_ALLOC -> {}
      case MTHP -> {
        makePageTables();
        advise(MemoryAdvice.HUGEPAGE, start, bytes);
      }
      case THP -> advise(MemoryAdvice.HUGEPAGE, start, bytes);
    }
  }

  /** Writes a byte to each of these pages, in this order. */
  void write(int[] pages) {
    for (int page : pages) {
      memory.put(page * pageSize, (byte) 1);
    }
  }

  /**
   * The kernel tries the largest size of all only where there is no page table yet. Reading makes
   * one, with the page of zeros in it, which is given back.
   */
  private void makePageTables() throws IOException {
    for (long table = 0; table < bytes; table += tableBytes) {
      advise(MemoryAdvice.POPULATE_READ, start + table, pageSize);
      advise(MemoryAdvice.DONTNEED, start + table, pageSize);
    }
  }

  private static void advise(MemoryAdvice advice, long address, long bytes) throws IOException {
    String refusal = advice.apply(new MemoryAdvice.Range(address, address + bytes));
    if (!refusal.isEmpty()) {
      throw new IOException(refusal);
    }
  }

  @Override
  public void close() {
    LibC.munmap(mapped, mappedBytes);
  }
}
