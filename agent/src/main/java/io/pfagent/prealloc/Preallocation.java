package io.pfagent.prealloc;

import io.pfagent.account.Region;
import io.pfagent.account.RegionAccount;
import io.pfagent.account.RegionKind;
import io.pfagent.kernel.HugePageSizes;
import io.pfagent.kernel.MemoryHeadroom;
import io.pfagent.kernel.MultiPageAlloc;
import io.pfagent.kernel.SystemSettings;
import io.pfagent.prealloc.Change.Outcome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;

/**
 * Pages per fault of this process, changed while it runs. Changes are made by one thread at a time;
 * allocating threads read {@link #plan} and wait for nobody.
 */
public final class Preallocation {

  /** The most pages per fault: what a page table maps. */
  public static final int MOST_PAGES = 512;

  /**
   * What holds for regions that are allocated now.
   *
   * @param pages pages per fault; 1 is the kernel's normal behaviour
   * @param backend who gives them, or null
   * @param automatic whether each region is decided on by itself
   */
  record Plan(int pages, Backend backend, boolean automatic) {
    static final Plan NONE = new Plan(1, null, false);

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
  }

  private final SystemSettings settings;
  private final boolean systemWrites;
  private final Backends backends;
  private final MemoryGuard guard;
  private final LiveRegions regions;
  private final RegionControl control;
  private final AutoPolicy auto;
  private final ToLongFunction<Region> unusedBytes;
  private final Maintenance maintenance;
  private final BlockAdviser blocks;
  private final List<Consumer<Change>> listeners = new CopyOnWriteArrayList<>();
  private final ShutdownHook shutdown = new ShutdownHook(this::restoreSettings);

  private volatile Plan plan = Plan.NONE;
  private volatile String wantedBackend = Backends.AUTO;
  private volatile Change last;

  private Preallocation(
      RegionAccount account,
      SystemSettings settings,
      boolean systemWrites,
      Backends backends,
      MemoryGuard guard,
      Populator populator,
      ToLongFunction<Region> unusedBytes,
      Consumer<Throwable> failures) {
    this.settings = settings;
    this.systemWrites = systemWrites;
    this.backends = backends;
    this.guard = guard;
    this.unusedBytes = unusedBytes;
    this.regions = new LiveRegions(account.table());
    this.control = new RegionControl(regions, backends, this::tell);
    this.auto = new AutoPolicy(regions, guard, unusedBytes, this::tell);
    this.maintenance = new Maintenance(this::everySecond, populator, failures);
    this.blocks = new BlockAdviser(guard, regions, auto);
  }

  /**
   * For this machine, with nothing changed so far.
   *
   * @param systemWrites whether settings may be changed that reach beyond this process
   * @param sampling whether regions see sampled faults
   * @param unusedBytes resident bytes of a region that nobody uses, -1 if unknown
   * @param failures takes what its thread throws
   */
  public static Preallocation open(
      RegionAccount account,
      boolean systemWrites,
      BooleanSupplier sampling,
      ToLongFunction<Region> unusedBytes,
      Consumer<Throwable> failures) {
    MemoryGuard guard = new MemoryGuard(MemoryHeadroom::read);
    long pageBytes = HugePageSizes.read().pageBytes();
    Populator populator = new Populator(account.table(), guard, pageBytes);
    SystemSettings settings = SystemSettings.ofThisMachine();
    Backends backends =
        new Backends(
            List.of(
                new MultiPageBackend(MultiPageAlloc.open()),
                HugePageBackend.thp(HugePageSizes::read, settings),
                HugePageBackend.mthp(HugePageSizes::read, settings, systemWrites),
                new PopulateBackend(populator, sampling)),
            pageBytes);
    return new Preallocation(
        account, settings, systemWrites, backends, guard, populator, unusedBytes, failures);
  }

  /**
   * Puts back what killed processes have left changed, where this one may; else says what they
   * left.
   *
   * @param say takes a line for each
   */
  public void restoreLeftovers(Consumer<String> say) {
    try {
      if (systemWrites) {
        settings.restore().forEach(one -> say.accept(one.setting() + ": " + one.message()));
      } else {
        settings
            .leftovers()
            .forEach(
                one ->
                    say.accept(
                        one
                            + " was left changed by a killed process; doctor --restore puts it back"));
      }
    } catch (IOException unreadable) {
      say.accept(
          "what killed processes may have left can't be looked up: " + unreadable.getMessage());
    }
  }

  /** Tells of every change from now on; in the thread that makes it. */
  public void addListener(Consumer<Change> listener) {
    listeners.add(listener);
  }

  /** What the hooks ask when memory is allocated. */
  public BlockAdviser blocks() {
    return blocks;
  }

  /** Pages per fault in force. */
  public int pages() {
    return plan.pages();
  }

  public boolean isAutomatic() {
    return plan.automatic();
  }

  /** The backend that was asked for, {@code auto} if any will do. */
  public String backend() {
    return wantedBackend;
  }

  /** The one at work, or {@code none}. */
  public String backendInUse() {
    return plan.backendName();
  }

  /** What the backend in use reaches, with what goes beyond the process. */
  public String scope() {
    Backend backend = plan.backend();
    return backend == null || backend.note().isEmpty()
        ? plan.scope()
        : plan.scope() + " (" + backend.note() + ")";
  }

  /** A line for each backend: what it can do here, or why it can't. */
  public List<String> backends() {
    return backends.describe();
  }

  /** Pages per fault that can be given exactly, 1 among them. */
  public int[] supportedPages() {
    return backends.supportedPages(wantedBackend).stream().mapToInt(Integer::intValue).toArray();
  }

  /** Bytes that may be preallocated before the guard refuses; -1 if nothing limits them. */
  public long headroomBytes() {
    long spare = guard.spareBytes();
    return spare == Long.MAX_VALUE ? -1 : Math.max(0, spare);
  }

  /** The last change or refusal, or null. */
  public Change lastChange() {
    return last;
  }

  /** Resident bytes of preallocated regions that nobody uses, an estimate. Walks all of them. */
  public long unusedBytes() {
    long[] sum = {0};
    regions.forEach(
        region -> region.preallocPages() > 1,
        region -> sum[0] += Math.max(0, unusedBytes.applyAsLong(region)));
    return sum[0];
  }

  /**
   * Sets the pages per fault for new and live regions.
   *
   * @param pages 1 to {@link #MOST_PAGES}; 1 ends preallocation
   * @throws IllegalArgumentException if it is outside
   * @throws IllegalStateException if this machine can't do it; the message says why
   */
  public synchronized Change setPages(int pages) {
    checkPages(pages);
    return pages == 1 ? end(Outcome.UNDONE, "") : begin(pages, false);
  }

  /**
   * Lets the agent choose for each region.
   *
   * @throws IllegalStateException if this machine has no backend for single regions
   */
  public synchronized Change setAutomatic(boolean automatic) {
    return automatic ? begin(MOST_PAGES, true) : end(Outcome.UNDONE, "");
  }

  /**
   * Chooses the backend.
   *
   * @throws IllegalArgumentException if there is none of this name
   * @throws IllegalStateException if this machine doesn't have it; nothing changes then
   */
  public synchronized Change setBackend(String name) {
    backends.check(name);
    String before = wantedBackend;
    Plan now = plan;
    backends.choose(name, Math.max(2, now.pages()));
    wantedBackend = name;
    try {
      return now.backend() == null
          ? tell(change(now, now, 0, Outcome.APPLIED, "the next change uses backend " + name))
          : begin(now.pages(), now.automatic());
    } catch (IllegalStateException refused) {
      wantedBackend = before;
      throw refused;
    }
  }

  /** Who zeroes new regions: {@code jdk} or {@code kernel}. */
  public String zeroing() {
    return blocks.isZeroedByKernel() ? "kernel" : "jdk";
  }

  /**
   * Chooses who zeroes regions that are allocated from now on.
   *
   * @throws IllegalArgumentException if it is neither {@code jdk} nor {@code kernel}
   */
  public synchronized Change setZeroing(String who) {
    if (!who.equals("jdk") && !who.equals("kernel")) {
      throw new IllegalArgumentException("zeroing " + who + " must be jdk or kernel");
    }
    String message = "zeroing " + zeroing() + " -> " + who;
    blocks.setZeroedByKernel(who.equals("kernel"));
    return tell(change(plan, plan, 0, Outcome.APPLIED, message));
  }

  /**
   * Sets the pages per fault of one live region.
   *
   * @throws IllegalArgumentException if there is no such region, or the pages are wrong for it
   * @throws IllegalStateException if it can't be done for a single region here
   */
  public synchronized Change setRegionPages(long regionId, int pages) {
    checkPages(pages);
    if (!guard.allows(region(regionId).size())) {
      throw new IllegalStateException(refusal(region(regionId).size()));
    }
    shutdown.add();
    return control.setPages(region(regionId), pages, plan);
  }

  /**
   * Gives the kernel an advice on one live region.
   *
   * @param advice the name of an advice, as {@code hugepage}
   * @throws IllegalArgumentException if there is no such region, or the advice isn't for it
   * @throws IllegalStateException if the kernel refuses
   */
  public synchronized Change adviseRegion(long regionId, String advice) {
    return control.advise(region(regionId), advice, plan);
  }

  /** Takes all changes back. */
  public synchronized List<Change> undo() {
    List<Change> undone = new ArrayList<>(control.undo(plan));
    if (plan.backend() != null) {
      undone.add(end(Outcome.UNDONE, ""));
    }
    if (blocks.isZeroedByKernel()) {
      undone.add(setZeroing("jdk"));
    }
    return undone;
  }

  /** Ends all: after this nothing of the machine is changed and no thread of it runs. */
  public void close() {
    undo();
    maintenance.setOn(false);
    shutdown.remove();
  }

  /** At the JVM's end regions go by themselves; what reaches beyond the process does not. */
  private synchronized void restoreSettings() {
    backends.all().forEach(Backend::stop);
  }

  private Change begin(int pages, boolean automatic) {
    Backends.Choice choice = backends.choose(wantedBackend, pages);
    if (automatic) {
      choice = backends.chooseForRegion(pages);
    }
    Plan before = plan;
    checkGuard(choice);
    List<String> notes = new ArrayList<>();
    setPlan(Plan.NONE);
    stop(before, notes);
    int given;
    try {
      shutdown.add();
      given = choice.backend().start(choice.pages());
    } catch (IOException refused) {
      String message = choice.backend().name() + ": " + refused.getMessage();
      tell(change(before, plan, 0, Outcome.REFUSED, message));
      throw new IllegalStateException(message + "; preallocation is off now", refused);
    }
    setPlan(new Plan(given, choice.backend(), automatic));
    maintenance.setOn(true);
    if (automatic) {
      notes.add("automatic: each region is decided on by what is seen of its use");
    } else if (given != pages) {
      notes.add(pages + " can't be given exactly");
    }
    if (!automatic) {
      long advised = adviseLive(plan);
      notes.add(advised + " live regions advised");
    }
    notes.add(choice.backend().note());
    notes.removeIf(String::isEmpty);
    Outcome outcome = given == pages || automatic ? Outcome.APPLIED : Outcome.ROUNDED;
    return tell(change(before, plan, 0, outcome, String.join("; ", notes)));
  }

  private Change end(Outcome outcome, String reason) {
    Plan before = plan;
    List<String> notes = new ArrayList<>();
    if (!reason.isEmpty()) {
      notes.add(reason);
    }
    setPlan(Plan.NONE);
    stop(before, notes);
    maintenance.setOn(false);
    return tell(change(before, plan, 0, outcome, String.join("; ", notes)));
  }

  /** Before the table is looked through, so that no region is missed: see {@link BlockAdviser}. */
  private void setPlan(Plan newPlan) {
    plan = newPlan;
    blocks.setPlan(newPlan);
  }

  /** Regions first: a size that is switched off is of no use to them any more. */
  private void stop(Plan before, List<String> notes) {
    if (before.backend() == null) {
      return;
    }
    long[] staying = {0};
    long[] undone = {0};
    regions.forEach(
        region -> region.preallocPages() > 1 && !control.isSetByHand(region),
        region -> {
          undone[0]++;
          staying[0] += regions.unadvise(region, before.backend()) ? 0 : 1;
        });
    notes.addAll(before.backend().stop());
    if (undone[0] > 0 && before.backend() instanceof HugePageBackend) {
      notes.add(
          undone[0]
              + " live regions get base pages at their next faults; large pages that they hold stay"
              + " until they are freed");
    }
    if (staying[0] > 0) {
      notes.add(staying[0] + " regions keep their advice until they are freed");
    }
  }

  private long adviseLive(Plan now) {
    long[] advised = {0};
    regions.forEach(
        region -> region.kind() != RegionKind.MAPPED_FILE && !control.isSetByHand(region),
        region -> {
          if (guard.allows(region.size())
              && regions.advise(region, now.backend(), now.pages()) > 1) {
            advised[0]++;
          }
        });
    return advised[0];
  }

  /** Once a second: is memory getting short, and what do samples say. */
  private void everySecond() {
    guard.refresh();
    if (plan.backend() != null && !guard.allows(0)) {
      synchronized (this) {
        if (plan.backend() != null) {
          end(Outcome.STOPPED, "memory is short: " + refusal(0));
        }
      }
    }
    Plan now = plan;
    if (now.automatic()) {
      auto.decideBySamples(now);
    }
  }

  private void checkGuard(Backends.Choice choice) {
    long unit = choice.pages() * backends.pageBytes();
    if (!guard.allows(unit)) {
      String message = refusal(unit);
      tell(change(plan, plan, 0, Outcome.REFUSED, message));
      throw new IllegalStateException(message);
    }
  }

  private String refusal(long bytes) {
    return "the machine or a control group has too little memory left to preallocate "
        + bytes
        + " bytes and keep a reserve ("
        + headroomBytes()
        + " to spare)";
  }

  private Region region(long id) {
    return Optional.ofNullable(regions.find(id))
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no live region has the number "
                        + id
                        + "; it was freed, or never was (see topRegions)"));
  }

  private static void checkPages(int pages) {
    if (pages < 1 || pages > MOST_PAGES) {
      throw new IllegalArgumentException(
          "pages="
              + pages
              + " must be 1 to "
              + MOST_PAGES
              + "; 1 is the kernel's normal behaviour");
    }
  }

  static Change change(Plan before, Plan after, long regionId, Outcome outcome, String message) {
    Plan named = after.backend() == null ? before : after;
    return new Change(
        before.pages(),
        after.pages(),
        named.backendName(),
        named.scope(),
        regionId,
        outcome,
        message);
  }

  private Change tell(Change change) {
    last = change;
    listeners.forEach(listener -> listener.accept(change));
    return change;
  }
}
