package io.pfagent.report;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What is known of every region of a recording, in about 50 bytes each: a recording of 1 GB holds
 * millions. Region ids count from 1 in the order of allocation, so pages of plain arrays hold them;
 * a recording that begins late has no pages for the regions before.
 */
final class RegionTable {

  static final int UNKNOWN_SITE = -1;

  private static final int PAGE_BITS = 12;
  private static final int PAGE_SIZE = 1 << PAGE_BITS;

  private static final byte SEEN = 1;
  private static final byte ALLOCATED = 2;
  private static final byte FREED = 4;

  private final Map<Long, Page> pages = new HashMap<>();
  private long lastNumber = -1;
  private Page lastPage;

  /**
   * One region.
   *
   * @param site index of the allocation site, or {@link #UNKNOWN_SITE}
   * @param sizeBytes size, 0 if unknown
   * @param allocated whether the recording holds its allocation
   * @param freed whether the recording holds its end
   * @param faults of its allocation and touches in the recording
   * @param faultTimeNanos estimated time of these
   * @param lifeFaults what the agent had counted for it at last, 0 if it did not say
   * @param lifeNanos estimated time of these
   * @param sampledFaults what the fault samples in it stand for
   * @param allocatedNanos when its allocation ended, since 1970; 0 if the recording does not tell
   */
  record Entry(
      long id,
      int site,
      long sizeBytes,
      boolean allocated,
      boolean freed,
      long faults,
      long faultTimeNanos,
      long lifeFaults,
      long lifeNanos,
      long sampledFaults,
      long allocatedNanos) {

    /** All that is known to have happened to it, in the recording or before. */
    long totalFaults() {
      return Math.max(faults, lifeFaults);
    }

    /** The estimated time of {@link #totalFaults()}. */
    long totalNanos() {
      return Math.max(faultTimeNanos, lifeNanos);
    }
  }

  void allocated(long id, int site, long sizeBytes, long nanos) {
    Page page = page(id);
    int slot = slot(id);
    page.flags[slot] |= SEEN | ALLOCATED;
    page.sites[slot] = site + 1;
    page.sizes[slot] = Math.max(0, sizeBytes);
    page.allocatedNanos[slot] = nanos;
  }

  /** Adds what a fault sample stands for. */
  void addSampled(long id, long faults) {
    Page page = page(id);
    int slot = slot(id);
    page.flags[slot] |= SEEN;
    page.addSampled(slot, faults);
  }

  /** Adds faults of an allocation or a touch. */
  void addFaults(long id, long faults, long nanos) {
    Page page = page(id);
    int slot = slot(id);
    page.flags[slot] |= SEEN;
    page.faults[slot] += Math.max(0, faults);
    page.nanos[slot] += Math.max(0, nanos);
  }

  /** Takes the agent's own account of a region; they may come in any order. */
  void life(long id, long sizeBytes, long faults, long nanos) {
    Page page = page(id);
    int slot = slot(id);
    page.flags[slot] |= SEEN;
    page.sizes[slot] = Math.max(page.sizes[slot], sizeBytes);
    if (faults > page.faults[slot] || nanos > page.nanos[slot] || page.lifeFaults != null) {
      page.life(slot, faults, nanos);
    }
  }

  void freed(long id) {
    page(id).flags[slot(id)] |= SEEN | FREED;
  }

  int site(long id) {
    return page(id).sites[slot(id)] - 1;
  }

  /** What is known of one region; all is unknown of one that no event has named. */
  Entry get(long id) {
    return page(id).entry(id, slot(id));
  }

  /** Names the site of a region that was allocated before the recording. */
  void siteIfUnknown(long id, int site) {
    Page page = page(id);
    int slot = slot(id);
    if (page.sites[slot] == 0) {
      page.sites[slot] = site + 1;
    }
  }

  /** Hands over every region, by rising id. */
  void forEach(Consumer<Entry> action) {
    pages.keySet().stream()
        .sorted()
        .forEach(number -> pages.get(number).forEach(number << PAGE_BITS, action));
  }

  private Page page(long id) {
    long number = id >> PAGE_BITS;
    if (number != lastNumber) {
      lastPage = pages.computeIfAbsent(number, n -> new Page());
      lastNumber = number;
    }
    return lastPage;
  }

  private static int slot(long id) {
    return (int) id & (PAGE_SIZE - 1);
  }

  private static final class Page {

    private final byte[] flags = new byte[PAGE_SIZE];

    /** Index plus one, so that a fresh page knows no site. */
    private final int[] sites = new int[PAGE_SIZE];

    private final long[] sizes = new long[PAGE_SIZE];
    private final long[] faults = new long[PAGE_SIZE];
    private final long[] nanos = new long[PAGE_SIZE];
    private final long[] allocatedNanos = new long[PAGE_SIZE];

    /** Few regions have samples. */
    private long[] sampledFaults;

    /** Most regions have nothing here that their own events did not tell. */
    private long[] lifeFaults;

    private long[] lifeNanos;

    void life(int slot, long newFaults, long newNanos) {
      if (lifeFaults == null) {
        lifeFaults = new long[PAGE_SIZE];
        lifeNanos = new long[PAGE_SIZE];
      }
      lifeFaults[slot] = Math.max(lifeFaults[slot], newFaults);
      lifeNanos[slot] = Math.max(lifeNanos[slot], newNanos);
    }

    void addSampled(int slot, long newFaults) {
      if (sampledFaults == null) {
        sampledFaults = new long[PAGE_SIZE];
      }
      sampledFaults[slot] += newFaults;
    }

    void forEach(long firstId, Consumer<Entry> action) {
      for (int slot = 0; slot < PAGE_SIZE; slot++) {
        if (flags[slot] != 0) {
          action.accept(entry(firstId + slot, slot));
        }
      }
    }

    private Entry entry(long id, int slot) {
      return new Entry(
          id,
          sites[slot] - 1,
          sizes[slot],
          (flags[slot] & ALLOCATED) != 0,
          (flags[slot] & FREED) != 0,
          faults[slot],
          nanos[slot],
          lifeFaults == null ? 0 : lifeFaults[slot],
          lifeNanos == null ? 0 : lifeNanos[slot],
          sampledFaults == null ? 0 : sampledFaults[slot],
          allocatedNanos[slot]);
    }
  }
}
