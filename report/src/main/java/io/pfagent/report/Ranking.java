package io.pfagent.report;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * The first rows of a longer list.
 *
 * @param rows the first ones, in order
 * @param total how many there are altogether
 */
record Ranking<T>(List<T> rows, long total) {

  static <T> Ranking<T> of(Collection<T> all, Comparator<T> order, int top) {
    return new Ranking<>(all.stream().sorted(order).limit(top).toList(), all.size());
  }

  long left() {
    return total - rows.size();
  }
}
