package io.pfagent.prealloc;

import io.pfagent.kernel.PageMap;
import io.pfagent.kernel.Residency;
import io.pfagent.kernel.UnusedPages;

/**
 * What the page map tells. One of its own: threads of the application ask here, and would wait for
 * statistics that walk through a large region by the same one.
 */
final class PageMapView implements PageView, AutoCloseable {

  private final PageMap pageMap = PageMap.open();
  private UnusedPages unusedPages;

  @Override
  public Residency residency(long address, long bytes) {
    return pageMap.residency(address, bytes);
  }

  @Override
  public long unusedBytes(long address, long bytes) {
    if (unusedPages == null) {
      unusedPages = new UnusedPages(pageMap);
    }
    return unusedPages.bytes(address, bytes);
  }

  @Override
  public void close() {
    pageMap.close();
  }
}
