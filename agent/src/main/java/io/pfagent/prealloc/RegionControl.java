package io.pfagent.prealloc;

import io.pfagent.account.Region;
import io.pfagent.account.RegionKind;
import io.pfagent.kernel.MemoryAdvice;
import io.pfagent.prealloc.Change.Outcome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/** What a person sets for a single region, and its undoing. Used by one thread at a time. */
final class RegionControl {

  private static final Set<MemoryAdvice> FOR_MEMORY =
      Set.of(MemoryAdvice.HUGEPAGE, MemoryAdvice.NOHUGEPAGE, MemoryAdvice.POPULATE_READ);

  private static final Set<MemoryAdvice> FOR_FILES =
      Set.of(
          MemoryAdvice.NORMAL,
          MemoryAdvice.SEQUENTIAL,
          MemoryAdvice.RANDOM,
          MemoryAdvice.WILLNEED,
          MemoryAdvice.POPULATE_READ);

  private final LiveRegions regions;
  private final Backends backends;
  private final MemoryGuard guard;
  private final UnaryOperator<Change> tell;

  /** What takes back what was set last. Regions that are freed fall out at the next change. */
  private final Map<Region, Optional<MemoryAdvice>> undoing = new ConcurrentHashMap<>();

  /** A backend that works for single regions alone, or null. */
  private Backend own;

  private int ownPages = 1;

  RegionControl(
      LiveRegions regions, Backends backends, MemoryGuard guard, UnaryOperator<Change> tell) {
    this.regions = regions;
    this.backends = backends;
    this.guard = guard;
    this.tell = tell;
  }

  /**
   * The live region of this number.
   *
   * @throws IllegalArgumentException if there is none
   */
  Region region(long id) {
    return Optional.ofNullable(regions.find(id))
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no live region has the number "
                        + id
                        + "; it was freed, or never was (see topRegions)"));
  }

  /** Whether the region is left alone by changes for all. */
  boolean isSetByHand(Region region) {
    return undoing.containsKey(region);
  }

  /** Whether anything is set by hand. */
  boolean isInUse() {
    return !undoing.isEmpty();
  }

  Change setPages(Region region, int pages, Plan plan) {
    if (pages > 1 && !guard.allows(region.size())) {
      throw new IllegalStateException(guard.refusal(region.size()));
    }
    if (region.kind() == RegionKind.MAPPED_FILE) {
      throw new IllegalArgumentException(
          "region "
              + region.id()
              + " is a mapped file, which the kernel reads by its own fault-around; advise it"
              + " instead: "
              + names(FOR_FILES));
    }
    checkAdvisable(region);
    forgetFreed();
    int before = region.preallocPages();
    if (pages == 1) {
      boolean all = regions.unadvise(region, huge("thp"));
      undoing.put(region, Optional.of(MemoryAdvice.NOHUGEPAGE));
      return tell(region, before, 1, "thp", Outcome.UNDONE, staying(all));
    }
    Backends.Choice choice = choose(pages, plan);
    int given = regions.advise(region, choice.backend(), choice.pages());
    if (given == 1) {
      throw new IllegalStateException(
          "region "
              + region.id()
              + (region.isFreed()
                  ? " was freed meanwhile"
                  : " has fewer than two whole units of "
                      + choice.pages()
                      + " pages, or the kernel refuses the advice"));
    }
    undoing.put(region, Optional.of(MemoryAdvice.NOHUGEPAGE));
    Outcome outcome = given == pages ? Outcome.APPLIED : Outcome.ROUNDED;
    String note = given == pages ? "" : pages + " can't be given exactly";
    return tell(region, before, given, choice.backend().name(), outcome, note);
  }

  Change advise(Region region, String name, Plan plan) {
    boolean file = region.kind() == RegionKind.MAPPED_FILE;
    Set<MemoryAdvice> allowed = file ? FOR_FILES : FOR_MEMORY;
    MemoryAdvice advice =
        allowed.stream()
            .filter(one -> label(one).equals(name))
            .findFirst()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "advice "
                            + name
                            + " for a region of kind "
                            + region.kind().label()
                            + " must be one of "
                            + names(allowed)));
    if (!file) {
      checkAdvisable(region);
    }
    forgetFreed();
    String refused = regions.apply(region, advice, backends.pageBytes());
    if (!refused.isEmpty()) {
      throw new IllegalStateException("region " + region.id() + ": " + refused);
    }
    undoing.put(region, inverse(advice));
    return tell(
        region,
        region.preallocPages(),
        region.preallocPages(),
        plan.backendName(),
        Outcome.APPLIED,
        label(advice) + "; " + staying(advice));
  }

  /** Takes all of it back, as far as that goes. */
  List<Change> undo(Plan plan) {
    List<Change> undone = new ArrayList<>();
    undoing.forEach(
        (region, inverse) -> {
          if (!region.isFreed()) {
            undone.add(undo(region, inverse, plan));
          }
        });
    undoing.clear();
    if (own != null) {
      own.stop();
      own = null;
    }
    return undone;
  }

  private Change undo(Region region, Optional<MemoryAdvice> inverse, Plan plan) {
    int before = region.preallocPages();
    region.setPreallocPages(1);
    String refused =
        inverse.map(advice -> regions.apply(region, advice, backends.pageBytes())).orElse("");
    String message =
        inverse.isEmpty()
            ? "what was read or populated stays until the region is freed"
            : refused.isEmpty() ? staying(inverse.get()) : refused;
    return tell(region, before, 1, plan.backendName(), Outcome.UNDONE, message);
  }

  /** Sizes below the largest are shared by all that is advised: one of them is in force at most. */
  private Backends.Choice choose(int pages, Plan plan) {
    if (plan.backend() instanceof HugePageBackend && plan.pages() == pages) {
      return new Backends.Choice(plan.backend(), pages);
    }
    Backends.Choice choice = backends.chooseForRegion(pages);
    if (choice.backend().name().equals("thp")) {
      return choice;
    }
    if (plan.backend() == choice.backend()) {
      return new Backends.Choice(plan.backend(), plan.pages());
    }
    if (own == null) {
      try {
        ownPages = choice.backend().start(choice.pages());
        own = choice.backend();
      } catch (IOException refused) {
        throw new IllegalStateException(
            choice.backend().name() + ": " + refused.getMessage(), refused);
      }
    }
    return new Backends.Choice(own, ownPages);
  }

  private Backend huge(String name) {
    return backends.all().stream().filter(one -> one.name().equals(name)).findFirst().orElseThrow();
  }

  private static void checkAdvisable(Region region) {
    if (!LiveRegions.isAdvisable(region)) {
      throw new IllegalStateException(
          "region "
              + region.id()
              + " lies in the allocator's heap, where an advice would outlive it and touch its"
              + " neighbours; only blocks that malloc has mapped by themselves are advised");
    }
  }

  private void forgetFreed() {
    undoing.keySet().removeIf(Region::isFreed);
  }

  private Change tell(
      Region region, int before, int after, String backend, Outcome outcome, String message) {
    return tell.apply(new Change(before, after, backend, "region", region.id(), outcome, message));
  }

  private static Optional<MemoryAdvice> inverse(MemoryAdvice advice) {
    return switch (advice) {
      case SEQUENTIAL, RANDOM -> Optional.of(MemoryAdvice.NORMAL);
      case HUGEPAGE -> Optional.of(MemoryAdvice.NOHUGEPAGE);
      default -> Optional.empty();
    };
  }

  private static String staying(MemoryAdvice advice) {
    return switch (advice) {
      case NORMAL -> "as without advice";
      case SEQUENTIAL, RANDOM -> "undo sets it back to normal";
      case HUGEPAGE -> "Linux has no exact inverse: undo forbids large pages in this region";
      case NOHUGEPAGE -> staying(true);
      default -> "what is read or populated stays until the region is freed";
    };
  }

  private static String staying(boolean all) {
    return all
        ? "base pages at the next faults; large pages that it holds stay until it is freed"
        : "the kernel refuses to take its advice back, which stays until the region is freed";
  }

  private static String names(Set<MemoryAdvice> advices) {
    return String.join(", ", advices.stream().map(RegionControl::label).sorted().toList());
  }

  private static String label(MemoryAdvice advice) {
    return advice.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
