package io.pfagent.account;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/**
 * Address to region, for millions of live regions: a radix tree over the address, built like the
 * page table that it mirrors.
 *
 * <pre>
 *   address  47........36 35........26 25........16 15.........0
 *            root index   middle index leaf index   within 64 kB
 *
 *   root   4096 slots of 64 GB   null | Region covering the whole slot | middle node
 *   middle 1024 slots of 64 MB   null | Region covering the whole slot | leaf node
 *   leaf   1024 slots of 64 kB   null | Region | Region[] sorted by base address
 * </pre>
 *
 * A look-up follows at most three references and takes no lock: readers never wait. Writers change
 * one slot at a time by compare-and-set. A region is put in before its address is handed to the
 * application and taken out before its memory is given back, so two live regions never overlap; one
 * that is found in the way was freed behind the agent's back (by native code) and is dropped.
 *
 * <p>Nodes stay when their regions go: 4 to 8 kB for each 64 MB of address space that ever held a
 * tracked region. Addresses from 2<sup>48</sup> on, which Linux hands out only on request (5-level
 * paging), are not tracked.
 */
public final class RegionTable {

  private static final int ADDRESS_BITS = 48;
  private static final int ROOT_SHIFT = 36;
  private static final int MIDDLE_SHIFT = 26;
  private static final int LEAF_SHIFT = 16;

  private final Node root = new Node(ROOT_SHIFT, 0, 1 << (ADDRESS_BITS - ROOT_SHIFT));
  private final LongAdder regions = new LongAdder();
  private final LongAdder bytes = new LongAdder();
  private volatile Consumer<Region> freedObserver;

  /** The live region that holds this address, or null. */
  public Region find(long address) {
    if (address >>> ADDRESS_BITS != 0) {
      return null;
    }
    Object slot = root.at(address);
    if (slot instanceof Node middle) {
      slot = middle.at(address);
      if (slot instanceof Node leaf) {
        slot = leaf.at(address);
      }
    }
    if (slot instanceof Region region) {
      return region.contains(address) ? region : null;
    }
    if (slot instanceof Region[] several) {
      return SortedRegions.find(several, address);
    }
    return null;
  }

  /** Whether a live region starts at this address. */
  public boolean tracks(long base) {
    Region region = find(base);
    return region != null && region.base() == base;
  }

  /**
   * Adds a region; whatever it overlaps was freed unseen and goes.
   *
   * @return false if the address is beyond what the table covers
   */
  public boolean add(Region region) {
    if ((region.end() - 1) >>> ADDRESS_BITS != 0) {
      return false;
    }
    put(root, region);
    regions.increment();
    bytes.add(region.size());
    return true;
  }

  /** Takes out the region that starts at this address, or gives null if there is none. */
  public Region remove(long base) {
    Region region = find(base);
    return region != null && region.base() == base && drop(region) ? region : null;
  }

  /**
   * Lets somebody know of each region that is taken out, in the thread that does it, while it can
   * still be found here: who doesn't find it any more finds it there. Null ends it.
   */
  public void observeFreed(Consumer<Region> observer) {
    freedObserver = observer;
  }

  /** Live regions. */
  public long regionCount() {
    return regions.sum();
  }

  /** Usable bytes of the live regions. */
  public long byteCount() {
    return bytes.sum();
  }

  /**
   * Visits live regions in the order of their addresses, so that a table of any size can be walked
   * in pieces of bounded cost.
   *
   * @param from where to start: 0, or what the last call gave
   * @param limit after how many regions to stop; those that share a slot are visited together
   * @return where to go on, or 0 at the end
   */
  public long scan(long from, int limit, Consumer<Region> visitor) {
    return new RegionScan(from, limit, visitor).over(root);
  }

  private boolean drop(Region region) {
    if (!region.tryFree()) {
      return false;
    }
    Consumer<Region> observer = freedObserver;
    if (observer != null) {
      observer.accept(region);
    }
    take(root, region);
    regions.decrement();
    bytes.add(-region.size());
    return true;
  }

  private void put(Node node, Region region) {
    int last = node.lastIndex(region);
    for (int i = node.firstIndex(region); i <= last; i++) {
      Object slot = node.get(i);
      while (!(slot instanceof Node) && !tryPut(node, i, slot, region)) {
        slot = node.get(i);
      }
      if (slot instanceof Node child) {
        put(child, region);
      }
    }
  }

  /**
   * True when the region stands in the slot; false when the slot has changed and is to be read
   * again.
   */
  private boolean tryPut(Node node, int i, Object slot, Region region) {
    if (node.isLeaf()) {
      return tryPutInLeaf(node, i, slot, region);
    }
    if (slot instanceof Region stale) {
      evict(node, i, stale);
      return false;
    }
    if (region.base() <= node.start(i) && region.end() >= node.start(i + 1)) {
      return node.compareAndSet(i, null, region);
    }
    node.compareAndSet(i, null, node.newChild(i));
    return false;
  }

  private boolean tryPutInLeaf(Node leaf, int i, Object slot, Region region) {
    Region stale = SortedRegions.overlapping(slot, region);
    if (stale != null) {
      evict(leaf, i, stale);
      return false;
    }
    return leaf.compareAndSet(i, slot, SortedRegions.with(slot, region));
  }

  /** The slot itself is cleared too: who else drops the region may not have come to it yet. */
  private void evict(Node node, int i, Region stale) {
    drop(stale);
    takeFrom(node, i, stale);
  }

  private static void take(Node node, Region region) {
    int last = node.lastIndex(region);
    for (int i = node.firstIndex(region); i <= last; i++) {
      if (node.get(i) instanceof Node child) {
        take(child, region);
      } else {
        takeFrom(node, i, region);
      }
    }
  }

  private static void takeFrom(Node node, int i, Region region) {
    Object slot = node.get(i);
    while (SortedRegions.holds(slot, region)
        && !node.compareAndSet(i, slot, SortedRegions.without(slot, region))) {
      slot = node.get(i);
    }
  }

  /** One level of the tree; slot i stands for {@code 1 << shift} bytes from {@code start(i)}. */
  static final class Node extends AtomicReferenceArray<Object> {
    private static final long serialVersionUID = 1;
    private static final int CHILD_SLOTS = 1 << (ROOT_SHIFT - MIDDLE_SHIFT);

    private final int shift;
    private final long start;

    Node(int shift, long start, int slots) {
      super(slots);
      this.shift = shift;
      this.start = start;
    }

    boolean isLeaf() {
      return shift == LEAF_SHIFT;
    }

    /** The slot of an address that lies in this node. */
    Object at(long address) {
      return get((int) (address >>> shift) & (length() - 1));
    }

    long start(int i) {
      return start + ((long) i << shift);
    }

    /** The first slot that the region reaches, clipped to this node. */
    int firstIndex(Region region) {
      return (int) ((Math.max(region.base(), start) - start) >>> shift);
    }

    /** The last slot that the region reaches, clipped to this node. */
    int lastIndex(Region region) {
      return (int) ((Math.min(region.end(), start(length())) - 1 - start) >>> shift);
    }

    Node newChild(int i) {
      return new Node(shift == ROOT_SHIFT ? MIDDLE_SHIFT : LEAF_SHIFT, start(i), CHILD_SLOTS);
    }
  }
}
