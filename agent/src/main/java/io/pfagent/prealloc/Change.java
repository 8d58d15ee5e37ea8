package io.pfagent.prealloc;

/**
 * A change of preallocation, or one that was refused: the data of {@code pfagent.PreallocChange}.
 *
 * @param oldPages pages per fault before; 1 is the kernel's normal behaviour
 * @param newPages pages per fault from now on
 * @param backend how it is done; {@code none} where nothing is
 * @param scope what it reaches: {@code process}, {@code regions}, {@code region} or {@code system}
 * @param regionId the region, or 0 for all
 * @param outcome what became of it
 * @param message for a person: what was done, what could not be done, and why
 */
public record Change(
    long oldPages,
    long newPages,
    String backend,
    String scope,
    long regionId,
    Outcome outcome,
    String message) {

  /** What became of a change. */
  public enum Outcome {
    /** Done as asked. */
    APPLIED,
    /** Done with the next number of pages that the backend can give. */
    ROUNDED,
    /** Decided to leave it as it is. */
    KEPT,
    /** Not done: the machine doesn't allow it, or memory is short. */
    REFUSED,
    /** Taken back, as far as the kernel can. */
    UNDONE,
    /** Taken back by the agent itself, as memory became short. */
    STOPPED;

    /** The word in events. */
    public String label() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /** One line, as notifications and answers have it. */
  @Override
  public String toString() {
    return (regionId == 0 ? "" : "region " + regionId + ": ")
        + oldPages
        + " -> "
        + newPages
        + " pages per fault ("
        + backend
        + ", "
        + scope
        + "), "
        + outcome.label()
        + (message.isEmpty() ? "" : ": " + message);
  }
}
