package io.pfagent.account;

import java.util.Arrays;

/**
 * What a slot of the {@link RegionTable} holds: null, one region, or an array of several, sorted by
 * base address and never changed once it is published.
 */
final class SortedRegions {

  private SortedRegions() {}

  /** The region of the array that contains the address, or null. */
  static Region find(Region[] sorted, long address) {
    int low = 0;
    int high = sorted.length - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      Region region = sorted[middle];
      if (region.base() > address) {
        high = middle - 1;
      } else if (region.contains(address)) {
        return region;
      } else {
        low = middle + 1;
      }
    }
    return null;
  }

  /** A region of the slot that shares an address with the given one, or null. */
  static Region overlapping(Object slot, Region other) {
    if (slot instanceof Region region) {
      return region.overlaps(other) ? region : null;
    }
    if (slot instanceof Region[] several) {
      for (Region region : several) {
        if (region.overlaps(other)) {
          return region;
        }
      }
    }
    return null;
  }

  static boolean holds(Object slot, Region wanted) {
    if (slot instanceof Region[] several) {
      return Arrays.asList(several).contains(wanted);
    }
    return slot == wanted;
  }

  static Object with(Object slot, Region added) {
    if (slot == null) {
      return added;
    }
    Region[] before = slot instanceof Region[] several ? several : new Region[] {(Region) slot};
    int position = 0;
    while (position < before.length && before[position].base() < added.base()) {
      position++;
    }
    Region[] after = new Region[before.length + 1];
    System.arraycopy(before, 0, after, 0, position);
    after[position] = added;
    System.arraycopy(before, position, after, position + 1, before.length - position);
    return after;
  }

  /** The slot without a region that it {@link #holds}. */
  static Object without(Object slot, Region removed) {
    if (!(slot instanceof Region[] before)) {
      return null;
    }
    if (before.length == 2) {
      return before[0] == removed ? before[1] : before[0];
    }
    Region[] after = new Region[before.length - 1];
    int kept = 0;
    for (Region region : before) {
      if (region != removed) {
        after[kept++] = region;
      }
    }
    return after;
  }
}
