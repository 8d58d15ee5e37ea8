package io.pfagent.account;

import java.util.function.Consumer;

/** One bounded walk over a {@link RegionTable} in the order of addresses. */
final class RegionScan {

  private final long from;
  private final int limit;
  private final Consumer<Region> visitor;
  private int visited;

  RegionScan(long from, int limit, Consumer<Region> visitor) {
    this.from = from;
    this.limit = limit;
    this.visitor = visitor;
  }

  /** Where to go on, or 0 at the end of the node. */
  long over(RegionTable.Node node) {
    for (int i = firstIndex(node); i < node.length(); i++) {
      if (visited >= limit) {
        return node.start(i);
      }
      Object slot = node.get(i);
      if (slot instanceof RegionTable.Node child) {
        long next = over(child);
        if (next != 0) {
          return next;
        }
      } else if (slot instanceof Region region) {
        visit(region, node.start(i), node.start(i + 1));
      } else if (slot instanceof Region[] several) {
        for (Region region : several) {
          visit(region, node.start(i), node.start(i + 1));
        }
      }
    }
    return 0;
  }

  private int firstIndex(RegionTable.Node node) {
    if (from <= node.start(0)) {
      return 0;
    }
    long slotBytes = node.start(1) - node.start(0);
    return (int) Math.min(node.length(), (from - node.start(0)) / slotBytes);
  }

  /** A region stands in each slot that it reaches; the first one counts. */
  private void visit(Region region, long slotStart, long slotEnd) {
    if (region.base() >= slotStart && region.base() < slotEnd) {
      visitor.accept(region);
      visited++;
    }
  }
}
