package io.pfagent.kernel;

/**
 * Estimates how much of a region is resident and yet unused: pages that hold zeros alone. Nobody
 * has written to most of them; one that was set to zero on purpose counts too.
 *
 * <p>Reads a sample of the resident pages with process_vm_readv(2), and none that isn't resident:
 * that would bring it in. Not for several threads at once.
 */
public final class UnusedPages {

  private static final int SAMPLES = 64;

  private final PageMap pageMap;
  private final SelfMemory memory = new SelfMemory();
  private final byte[] bytes = new byte[SelfMemory.MOST_BYTES];

  public UnusedPages(PageMap pageMap) {
    this.pageMap = pageMap;
  }

  /** Resident bytes of a region in zero pages, an estimate; -1 if unknown. */
  public long bytes(long address, long size) {
    long resident = pageMap.residency(address, size).residentBytes();
    MemoryAdvice.Range pages = MemoryAdvice.inside(address, size, SelfMemory.MOST_BYTES);
    if (resident <= 0 || pages.isEmpty()) {
      return resident;
    }
    long stride = Math.max(1, pages.size() / SelfMemory.MOST_BYTES / SAMPLES);
    int seen = 0;
    int zero = 0;
    for (long page = pages.start(); page < pages.end(); page += stride * SelfMemory.MOST_BYTES) {
      if (isResident(page) && memory.read(page, SelfMemory.MOST_BYTES)) {
        seen++;
        zero += isZero() ? 1 : 0;
      }
    }
    return seen == 0 ? -1 : resident * zero / seen;
  }

  private boolean isResident(long page) {
    return pageMap.residency(page, SelfMemory.MOST_BYTES).residentBytes() == SelfMemory.MOST_BYTES;
  }

  private boolean isZero() {
    memory.copy(bytes);
    for (byte one : bytes) {
      if (one != 0) {
        return false;
      }
    }
    return true;
  }
}
