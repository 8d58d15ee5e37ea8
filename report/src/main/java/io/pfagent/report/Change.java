package io.pfagent.report;

import java.util.Set;

/**
 * A {@code pfagent.PreallocChange}; numbers may be {@link EventFields#UNKNOWN}, texts null.
 *
 * @param nanos when, since 1970
 * @param oldPages pages per fault before
 * @param newPages pages per fault from then on
 * @param scope what it reaches: process, regions (all of them), or region
 * @param regionId the region if the scope is one
 * @param outcome what became of the request
 * @param message why
 */
record Change(
    long nanos,
    long oldPages,
    long newPages,
    String backend,
    String scope,
    long regionId,
    String outcome,
    String message) {

  /** What leaves everything as it was; others are applied, rounded, undone, stopped. */
  private static final Set<String> WITHOUT_EFFECT = Set.of("refused", "kept");

  static Change of(EventFields event) {
    return new Change(
        event.startNanos(),
        event.number("oldPages"),
        event.number("newPages"),
        event.text("backend"),
        event.text("scope"),
        event.number("regionId"),
        event.text("outcome"),
        event.text("message"));
  }

  boolean hasEffect() {
    return outcome == null || !WITHOUT_EFFECT.contains(outcome);
  }

  boolean isOfRegion() {
    return "region".equals(scope) && regionId > 0;
  }

  /** Whether both decide about the same memory, so that the later one ends the earlier one. */
  boolean overlaps(Change other) {
    return !isOfRegion() || !other.isOfRegion() || regionId == other.regionId;
  }
}
