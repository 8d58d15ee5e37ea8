package io.pfagent.kernel;

import java.util.Arrays;

/** The ids of the events that fire for major faults, looked up for each sample. */
final class MajorIds {

  private long[] sorted = new long[0];

  void set(long[] newSorted) {
    sorted = newSorted;
  }

  boolean contains(long id) {
    return Arrays.binarySearch(sorted, id) >= 0;
  }
}
