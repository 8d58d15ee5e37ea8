package io.pfagent.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Finds the changes of the preallocation, then what was done on both sides of each. */
final class VerdictLedger {

  /** A program that decides for every region makes many: the latest are judged. */
  private static final int MAX_JUDGED = 32;

  private static final int MAX_KEPT = 10_000;

  private final List<Change> changes = new ArrayList<>();
  private List<ChangeCase> cases = List.of();
  private long found;

  /** Takes a {@code pfagent.PreallocChange} in the first pass. */
  void changed(EventFields event) {
    found++;
    if (changes.size() < MAX_KEPT) {
      changes.add(Change.of(event));
    }
  }

  /** Opens the cases; to be called between the passes. */
  void finish() {
    changes.sort(Comparator.comparingLong(Change::nanos));
    List<Change> effective = changes.stream().filter(Change::hasEffect).toList();
    Set<Long> regions = new HashSet<>();
    effective.stream().filter(Change::isOfRegion).forEach(change -> regions.add(change.regionId()));
    List<ChangeCase> opened = new ArrayList<>();
    for (int i = Math.max(0, effective.size() - MAX_JUDGED); i < effective.size(); i++) {
      opened.add(
          new ChangeCase(effective.get(i), previous(effective, i), next(effective, i), regions));
    }
    cases = opened;
  }

  private static long previous(List<Change> effective, int index) {
    for (int i = index - 1; i >= 0; i--) {
      if (effective.get(i).overlaps(effective.get(index))) {
        return effective.get(i).nanos();
      }
    }
    return Long.MIN_VALUE;
  }

  private static long next(List<Change> effective, int index) {
    for (int i = index + 1; i < effective.size(); i++) {
      if (effective.get(i).overlaps(effective.get(index))) {
        return effective.get(i).nanos();
      }
    }
    return Long.MAX_VALUE;
  }

  /** Whether there is anything to judge. */
  boolean isOpen() {
    return !cases.isEmpty();
  }

  /** The changes to judge, by time. */
  List<ChangeCase> cases() {
    return cases;
  }

  Verdicts verdicts(int top) {
    List<Change> withoutEffect = changes.stream().filter(change -> !change.hasEffect()).toList();
    return new Verdicts(
        found,
        cases.stream().map(each -> each.verdict(top)).toList(),
        Ranking.of(withoutEffect, Comparator.comparingLong(Change::nanos), top));
  }
}
