package io.pfagent.jvm;

/**
 * A range of this process's addresses.
 *
 * @param start the first address
 * @param end the first address behind it
 */
public record AddressRange(long start, long end) {

  /** Refuses a range that ends before it starts; addresses of user space are not negative. */
  public AddressRange {
    if (start < 0 || end < start) {
      throw new IllegalArgumentException(
          "no range: 0x" + Long.toHexString(start) + " to 0x" + Long.toHexString(end));
    }
  }

  /** Whether an address lies inside. */
  public boolean contains(long address) {
    return address >= start && address < end;
  }

  /** In bytes. */
  public long size() {
    return end - start;
  }
}
