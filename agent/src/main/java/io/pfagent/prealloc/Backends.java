package io.pfagent.prealloc;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;

/** Chooses who preallocates: the backend that was asked for, or the best that this machine has. */
final class Backends {

  static final String AUTO = "auto";

  /** The best first: no privilege and one fault for all at equal sizes. */
  private final List<Backend> all;

  private final long pageBytes;

  Backends(List<Backend> all, long pageBytes) {
    this.all = all;
    this.pageBytes = pageBytes;
  }

  /** Bytes of a base page. */
  long pageBytes() {
    return pageBytes;
  }

  /** A backend and what it makes of the pages that were asked for. */
  record Choice(Backend backend, int pages) {}

  List<Backend> all() {
    return all;
  }

  /**
   * The name as it is meant.
   *
   * @throws IllegalArgumentException if there is no such backend
   */
  String check(String name) {
    if (AUTO.equals(name) || all.stream().anyMatch(backend -> backend.name().equals(name))) {
      return name;
    }
    throw new IllegalArgumentException(
        "backend " + name + " must be " + String.join(", ", names()));
  }

  /**
   * The best choice for so many pages: an exact one, else the next above, else the next below.
   *
   * @param name {@value #AUTO} or a backend's name
   * @throws IllegalStateException if none can be used here; the message says why for each
   */
  Choice choose(String name, int pages) {
    return choose(candidates(name), pages);
  }

  /** The same among those that reach single regions. */
  Choice chooseForRegion(int pages) {
    return choose(
        all.stream().filter(backend -> backend instanceof HugePageBackend).toList(), pages);
  }

  private static Choice choose(List<Backend> candidates, int pages) {
    Choice best = null;
    for (Backend backend : candidates) {
      NavigableSet<Integer> supported = backend.supportedPages();
      Integer given = supported.ceiling(pages);
      given = given == null ? supported.floor(pages) : given;
      if (given != null && (best == null || isBetter(given, best.pages(), pages))) {
        best = new Choice(backend, given);
      }
    }
    if (best == null) {
      throw new IllegalStateException(
          pages + " pages per fault can't be had here: " + String.join("; ", reasons(candidates)));
    }
    return best;
  }

  /** What can be given exactly, with this choice of a backend. */
  NavigableSet<Integer> supportedPages(String name) {
    NavigableSet<Integer> pages = new TreeSet<>(List.of(1));
    candidates(name).forEach(backend -> pages.addAll(backend.supportedPages()));
    return pages;
  }

  /** A line for each: what it can do here, or why it can't. */
  List<String> describe() {
    return all.stream().map(Backends::describe).toList();
  }

  /** Populating is for those who ask for it: alone it gains nothing on one thread. */
  private List<Backend> candidates(String name) {
    return all.stream()
        .filter(
            backend ->
                name.equals(AUTO)
                    ? !(backend instanceof PopulateBackend)
                    : backend.name().equals(name))
        .toList();
  }

  private static List<String> reasons(List<Backend> candidates) {
    return candidates.stream().map(backend -> backend.name() + ": " + backend.missing()).toList();
  }

  private List<String> names() {
    List<String> names = new ArrayList<>(List.of(AUTO));
    all.forEach(backend -> names.add(backend.name()));
    return names;
  }

  private static boolean isBetter(int given, int before, int wanted) {
    boolean wasEnough = before >= wanted;
    return given >= wanted ? !wasEnough || given < before : !wasEnough && given > before;
  }

  private static String describe(Backend backend) {
    String missing = backend.missing();
    return backend.name()
        + ": "
        + (missing.isEmpty()
            ? backend.supportedPages() + " pages, " + backend.scope()
            : "no, " + missing);
  }
}
