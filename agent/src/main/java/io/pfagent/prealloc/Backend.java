package io.pfagent.prealloc;

import java.io.IOException;
import java.util.List;
import java.util.NavigableSet;

/** A way to have several pages handed out per fault. Controlled by one thread at a time. */
sealed interface Backend permits MultiPageBackend, HugePageBackend, PopulateBackend {

  /** The name in options, events and beans. */
  String name();

  /** What it reaches: {@code process} or {@code regions}. */
  String scope();

  /** What else a person should know about its reach; may be empty. */
  String note();

  /** Why it can't be used here; empty if it can. */
  String missing();

  /** Why it can't give so many pages exactly, where a person could change that; else empty. */
  default String missing(int pages) {
    return "";
  }

  /** Pages per fault that it can give exactly, all above 1; empty if it can't be used. */
  NavigableSet<Integer> supportedPages();

  /**
   * Does what there is to do outside of regions.
   *
   * @param pages one of {@link #supportedPages}
   * @return pages per fault that result: more where a larger size is in force already
   * @throws IOException if the kernel refuses; nothing is changed then
   */
  int start(int pages) throws IOException;

  /** Takes back what {@link #start} did; gives a line for each thing of note. */
  List<String> stop();

  /**
   * Advises the kernel on a block that nobody has touched, and that nobody else knows of.
   *
   * @return pages per fault that it will get; 1 if the block is too small or the kernel refuses
   */
  int adviseFresh(long address, long size, int pages);

  /** The same for a block that holds the application's data. */
  int adviseLive(long address, long size, int pages);

  /**
   * Takes the advice on a live block back, as far as that goes.
   *
   * @return whether the next faults are as without the agent
   */
  boolean unadviseLive(long address, long size);
}
