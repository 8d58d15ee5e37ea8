package io.pfagent.chunk;

import java.util.Arrays;

/**
 * Numbers for entries of one sort, by their bytes. The bytes of all entries stand in one array: to
 * look up or add one makes no object.
 *
 * <pre>
 *   slots    hash of the bytes -> index + 1            (open addressing, at most half full)
 *   ends     index -> where the bytes end; they begin where those of the one before end
 *   segments index -> the last segment that has the entry
 *   number = first + index
 * </pre>
 */
final class Dictionary {

  private static final int FIRST_ENTRIES = 256;
  private static final int FIRST_BYTES = 4096;

  /** A dictionary alone may not grow beyond this: arrays double. */
  private static final int MOST_BYTES = 1 << 28;

  private final int recordType;
  private int first = 1;
  private int count;
  private int[] slots = new int[2 * FIRST_ENTRIES];
  private int[] ends = new int[FIRST_ENTRIES];
  private int[] segments = new int[FIRST_ENTRIES];
  private byte[] bytes = new byte[FIRST_BYTES];

  /**
   * @param recordType what its entries are in a segment
   */
  Dictionary(int recordType) {
    this.recordType = recordType;
  }

  /** The number of the entry with this content, or 0 if there is none. */
  int find(ByteWriter content) {
    return number(slots[slot(content)]);
  }

  /** Adds an entry that {@link #find} didn't find; 0 if there are no numbers left. */
  int add(ByteWriter content) {
    int end = end() + content.size();
    if (first + count >= SegmentFormat.MOST_ENTRIES || end > MOST_BYTES) {
      return 0;
    }
    if (count == ends.length) {
      growEntries();
    }
    if (end > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(end, 2 * bytes.length));
    }
    slots[slot(content)] = count + 1;
    System.arraycopy(content.array(), 0, bytes, end(), content.size());
    ends[count] = end;
    segments[count] = 0;
    count++;
    return number(count);
  }

  /** Whether this is the number of an entry; numbers from before {@link #clear} are not. */
  boolean has(int number) {
    return number >= first && number < first + count;
  }

  /** Whether the segment has the entry. */
  boolean isIn(int number, int segment) {
    return segments[number - first] == segment;
  }

  /** Notes that the segment has the entry. */
  void enter(int number, int segment) {
    segments[number - first] = segment;
  }

  /** The content of an entry. */
  ByteReader content(int number) {
    int index = number - first;
    ByteReader content = new ByteReader(bytes, ends[index]);
    content.moveTo(start(index));
    return content;
  }

  /** Writes the whole record of an entry. */
  void writeTo(ByteWriter out, int number) {
    int index = number - first;
    out.put(recordType);
    out.number(number);
    out.append(bytes, start(index), ends[index] - start(index));
  }

  long heapBytes() {
    return bytes.length + (long) Integer.BYTES * (slots.length + ends.length + segments.length);
  }

  /** Forgets all entries; their numbers never come again. */
  void clear() {
    first += count;
    count = 0;
    slots = new int[2 * FIRST_ENTRIES];
    ends = new int[FIRST_ENTRIES];
    segments = new int[FIRST_ENTRIES];
    bytes = new byte[FIRST_BYTES];
  }

  private int number(int slot) {
    return slot == 0 ? 0 : first + slot - 1;
  }

  private int end() {
    return count == 0 ? 0 : ends[count - 1];
  }

  private int start(int index) {
    return index == 0 ? 0 : ends[index - 1];
  }

  /** The slot that has this content, or the free one for it. */
  private int slot(ByteWriter content) {
    int mask = slots.length - 1;
    int slot = hash(content.array(), 0, content.size()) & mask;
    while (slots[slot] != 0 && !isEqual(slots[slot] - 1, content)) {
      slot = slot + 1 & mask;
    }
    return slot;
  }

  private boolean isEqual(int index, ByteWriter content) {
    return Arrays.equals(bytes, start(index), ends[index], content.array(), 0, content.size());
  }

  private void growEntries() {
    ends = Arrays.copyOf(ends, 2 * count);
    segments = Arrays.copyOf(segments, 2 * count);
    slots = new int[4 * count];
    int mask = slots.length - 1;
    for (int i = 0; i < count; i++) {
      int slot = hash(bytes, start(i), ends[i]) & mask;
      while (slots[slot] != 0) {
        slot = slot + 1 & mask;
      }
      slots[slot] = i + 1;
    }
  }

  private static int hash(byte[] bytes, int from, int to) {
    int hash = to - from;
    for (int i = from; i < to; i++) {
      hash = 31 * hash + bytes[i];
    }
    // Spreads what differs in the last bytes only.
    hash *= 0x9e3779b1;
    return hash ^ hash >>> 15;
  }
}
