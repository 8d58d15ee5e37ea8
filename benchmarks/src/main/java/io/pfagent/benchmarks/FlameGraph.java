package io.pfagent.benchmarks;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Stacks joined into a tree, as a flame graph draws them, and the shares of its methods. */
final class FlameGraph {

  private final Box root = new Box();
  private final Map<String, Long> inclusive = new HashMap<>();
  private final Map<String, Long> top = new HashMap<>();
  private long inlinedTop;

  /** A box of the picture: faults below one chain of calls. */
  private static final class Box {
    private final Map<String, Box> callees = new TreeMap<>();
    private long weight;
  }

  /**
   * Something that both graphs have a share of.
   *
   * @param what a method, for a box with its depth
   * @param share from 0 to 1
   * @param otherShare in the other graph
   */
  record Share(String what, double share, double otherShare) {

    /** In percentage points. */
    double gap() {
      return 100 * Math.abs(share - otherShare);
    }

    double larger() {
      return Math.max(share, otherShare);
    }
  }

  void add(StackSample sample) {
    Box box = root;
    box.weight += sample.weight();
    Set<String> once = new HashSet<>();
    for (StackSample.Frame frame : sample.frames()) {
      box = box.callees.computeIfAbsent(frame.method(), method -> new Box());
      box.weight += sample.weight();
      if (once.add(frame.method())) {
        inclusive.merge(frame.method(), sample.weight(), Long::sum);
      }
    }
    top.merge(sample.top().method(), sample.weight(), Long::sum);
    inlinedTop += sample.top().inlined() ? sample.weight() : 0;
  }

  /** The share of the faults whose innermost method was inlined, from 0 to 1. */
  double inlinedShare() {
    return (double) inlinedTop / root.weight;
  }

  /** Each box that has more than this share of either graph. */
  List<Share> boxes(FlameGraph other, double least) {
    List<Share> shares = new ArrayList<>();
    addBoxes("", 1, root, other, other.root, least, shares);
    return sorted(shares);
  }

  /** Each method that stands anywhere on more than this share of either graph's stacks. */
  List<Share> methods(FlameGraph other, double least) {
    return shares(inclusive, other, other.inclusive, least);
  }

  /** Each method that is the innermost one of more than this share of either graph's stacks. */
  List<Share> tops(FlameGraph other, double least) {
    return shares(top, other, other.top, least);
  }

  private void addBoxes(
      String caller,
      int depth,
      Box box,
      FlameGraph other,
      Box otherBox,
      double least,
      List<Share> shares) {
    Set<String> callees = new HashSet<>(box.callees.keySet());
    callees.addAll(otherBox.callees.keySet());
    for (String callee : callees) {
      Box mine = box.callees.getOrDefault(callee, new Box());
      Box theirs = otherBox.callees.getOrDefault(callee, new Box());
      Share share =
          new Share(
              "%s from %s, frame %d".formatted(callee, caller, depth),
              (double) mine.weight / root.weight,
              (double) theirs.weight / other.root.weight);
      if (share.larger() > least) {
        shares.add(share);
        addBoxes(callee, depth + 1, mine, other, theirs, least, shares);
      }
    }
  }

  private List<Share> shares(
      Map<String, Long> weights, FlameGraph other, Map<String, Long> otherWeights, double least) {
    Set<String> all = new HashSet<>(weights.keySet());
    all.addAll(otherWeights.keySet());
    return sorted(
        all.stream()
            .map(
                method ->
                    new Share(
                        method,
                        (double) weights.getOrDefault(method, 0L) / root.weight,
                        (double) otherWeights.getOrDefault(method, 0L) / other.root.weight))
            .filter(share -> share.larger() > least)
            .toList());
  }

  private static List<Share> sorted(List<Share> shares) {
    return shares.stream().sorted(Comparator.comparingDouble(Share::share).reversed()).toList();
  }
}
