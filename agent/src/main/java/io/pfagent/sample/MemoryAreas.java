package io.pfagent.sample;

import io.pfagent.account.RegionKind;
import java.util.Arrays;

/**
 * Address ranges of known kind that don't overlap, sorted. Never changes.
 *
 * <pre>
 *   starts  [ a | b | c | ... ]
 *   ends    [ . | . | . | ... ]   starts[i] &lt; ends[i] &lt;= starts[i + 1]
 *   kinds   [ . | . | . | ... ]
 * </pre>
 */
final class MemoryAreas {

  private final long[] starts;
  private final long[] ends;
  private final RegionKind[] kinds;
  private final String[] names;

  private MemoryAreas(long[] starts, long[] ends, RegionKind[] kinds, String[] names) {
    this.starts = starts;
    this.ends = ends;
    this.kinds = kinds;
    this.names = names;
  }

  /** Where an address lies, or -1. */
  int indexOf(long address) {
    int found = Arrays.binarySearch(starts, address);
    int index = found >= 0 ? found : -found - 2;
    return index >= 0 && address < ends[index] ? index : -1;
  }

  /** What stands there; null where only the faults themselves can tell. */
  RegionKind kind(int index) {
    return kinds[index];
  }

  /** The mapped file, or what somebody has named it; may be empty. */
  String name(int index) {
    return names[index];
  }

  long end(int index) {
    return ends[index];
  }

  long start(int index) {
    return starts[index];
  }

  int size() {
    return starts.length;
  }

  /** Gathers areas in the order of their addresses. */
  static final class Builder {
    private long[] starts = new long[256];
    private long[] ends = new long[256];
    private RegionKind[] kinds = new RegionKind[256];
    private String[] names = new String[256];
    private int size;

    void add(long start, long end, RegionKind kind, String name) {
      if (size == starts.length) {
        int length = size * 2;
        starts = Arrays.copyOf(starts, length);
        ends = Arrays.copyOf(ends, length);
        kinds = Arrays.copyOf(kinds, length);
        names = Arrays.copyOf(names, length);
      }
      starts[size] = start;
      ends[size] = end;
      kinds[size] = kind;
      names[size++] = name;
    }

    MemoryAreas build() {
      return new MemoryAreas(
          Arrays.copyOf(starts, size),
          Arrays.copyOf(ends, size),
          Arrays.copyOf(kinds, size),
          Arrays.copyOf(names, size));
    }
  }
}
