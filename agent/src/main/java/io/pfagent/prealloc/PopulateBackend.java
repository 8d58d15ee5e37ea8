package io.pfagent.prealloc;

import io.pfagent.kernel.MemoryAdvice;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * Windows of pages that are populated ahead of whoever walks through a region: for kernels without
 * large pages. Where the front is, sampled faults tell; the {@link Populator} does the work.
 */
final class PopulateBackend implements Backend {

  private static final int MOST_PAGES = 512;

  private final Populator populator;
  private final SampledFaults samples;

  PopulateBackend(Populator populator, SampledFaults samples) {
    this.populator = populator;
    this.samples = samples;
  }

  @Override
  public String name() {
    return "populate";
  }

  @Override
  public String scope() {
    return "regions";
  }

  @Override
  public String note() {
    return "a helper thread populates ahead of sequential touches";
  }

  @Override
  public String missing() {
    if (!MemoryAdvice.available()) {
      return "madvise can't be called";
    }
    return samples.areThere()
        ? ""
        : "needs sampled faults to see who walks where; give sample=auto";
  }

  @Override
  public NavigableSet<Integer> supportedPages() {
    NavigableSet<Integer> pages = new TreeSet<>();
    for (int n = 2; missing().isEmpty() && n <= MOST_PAGES; n *= 2) {
      pages.add(n);
    }
    return pages;
  }

  @Override
  public int start(int pages) {
    populator.setWindow(pages);
    return pages;
  }

  @Override
  public List<String> stop() {
    populator.setWindow(0);
    return List.of();
  }

  /** Nothing is known of a fresh block; the populator finds it when it is walked through. */
  @Override
  public int adviseFresh(long address, long size, int pages) {
    return 1;
  }

  @Override
  public int adviseLive(long address, long size, int pages) {
    return 1;
  }

  /** What was populated stays; no fault to come is changed. */
  @Override
  public boolean unadviseLive(long address, long size) {
    return true;
  }
}
