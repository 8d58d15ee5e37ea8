package io.pfagent.prealloc;

import io.pfagent.kernel.MultiPageAlloc;
import java.io.IOException;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The patched kernel's own system call: all anonymous memory of the process, Java heap included.
 */
final class MultiPageBackend implements Backend {

  private final Optional<MultiPageAlloc> call;
  private int before = -1;

  MultiPageBackend(Optional<MultiPageAlloc> call) {
    this.call = call;
  }

  @Override
  public String name() {
    return "multi_page_alloc";
  }

  @Override
  public String scope() {
    return "process";
  }

  @Override
  public String note() {
    return "reaches all anonymous memory of the process, Java heap and thread stacks included";
  }

  @Override
  public String missing() {
    return call.isPresent() ? "" : "this kernel has no /proc/self/multi_page_alloc";
  }

  @Override
  public NavigableSet<Integer> supportedPages() {
    NavigableSet<Integer> pages = new TreeSet<>();
    for (int n = 2; call.isPresent() && n <= MultiPageAlloc.MOST_PAGES; n *= 2) {
      pages.add(n);
    }
    return pages;
  }

  @Override
  public int start(int pages) throws IOException {
    if (before < 0) {
      before = Math.max(1, call.orElseThrow().pages());
    }
    String refused = call.orElseThrow().set(pages);
    if (!refused.isEmpty()) {
      throw new IOException(refused);
    }
    return pages;
  }

  @Override
  public List<String> stop() {
    if (before < 0) {
      return List.of();
    }
    String refused = call.orElseThrow().set(before);
    String line = "multi_page_alloc is " + before + " again";
    before = -1;
    return List.of(refused.isEmpty() ? line : refused);
  }

  @Override
  public int adviseFresh(long address, long size, int pages) {
    return pages;
  }

  @Override
  public int adviseLive(long address, long size, int pages) {
    return pages;
  }

  @Override
  public boolean unadviseLive(long address, long size) {
    return true;
  }
}
