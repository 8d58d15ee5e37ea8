package io.pfagent.prealloc;

/**
 * What holds for regions that are allocated now.
 *
 * @param pages pages per fault; 1 is the kernel's normal behaviour
 * @param backend who gives them, or null
 * @param automatic whether each region is decided on by itself
 */
record Plan(int pages, Backend backend, boolean automatic) {

  static final Plan NONE = new Plan(1, null, false);

  boolean isOn() {
    return backend != null;
  }

  /** Field by field: a record's own equals is linked at its first call, which takes long. */
  boolean isSameAs(Plan other) {
    return pages == other.pages && backend == other.backend && automatic == other.automatic;
  }

  String backendName() {
    return backend == null ? "none" : backend.name();
  }

  String scope() {
    return backend == null ? "none" : backend.scope();
  }

  /** The change from this one to another, for all regions. */
  Change to(Plan after, Change.Outcome outcome, String message) {
    Plan named = after.isOn() ? after : this;
    return new Change(pages, after.pages, named.backendName(), named.scope(), 0, outcome, message);
  }
}
