package io.pfagent.prealloc;

import io.pfagent.account.Region;
import io.pfagent.account.RegionAccount;
import io.pfagent.kernel.HugePageSizes;
import io.pfagent.kernel.MemoryHeadroom;
import io.pfagent.kernel.MultiPageAlloc;
import io.pfagent.kernel.SystemSettings;
import io.pfagent.prealloc.Change.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;

/**
 * Pages per fault of this process, changed while it runs. Changes are made by one thread at a time;
 * allocating threads ask {@link #blocks} and wait for nobody.
 */
public final class Preallocation {

  /** The most pages per fault: what a page table maps. */
  public static final int MOST_PAGES = 512;

  /** At most 1 % of the default period of the statistics. */
  private static final long GLANCE_NANOS = 10_000_000;

  private final RegionAccount account;
  private final Backends backends;
  private final MemoryGuard guard;
  private final RegionControl control;
  private final RegionSweep sweep;
  private final AutoPolicy auto;
  private final Maintenance maintenance;
  private final BlockAdviser blocks;
  private final ZeroingSwitch zeroing;
  private final ChangeLog log = new ChangeLog();
  private final ShutdownHook shutdown = new ShutdownHook(this::restoreSettings);
  private final PlanSwitch plans;

  private volatile String wantedBackend = Backends.AUTO;

  private Preallocation(
      RegionAccount account,
      Backends backends,
      MemoryGuard guard,
      Populator populator,
      SampledFaults samples,
      ToLongFunction<Region> unusedBytes,
      Consumer<Throwable> failures) {
    this.account = account;
    this.backends = backends;
    this.guard = guard;
    LiveRegions regions = new LiveRegions(account.table());
    this.control = new RegionControl(regions, backends, guard, log::tell);
    this.sweep = new RegionSweep(regions, control, guard, unusedBytes);
    this.auto =
        new AutoPolicy(
            regions, control::isSetByHand, guard, samples, backends.pageBytes(), log::tell);
    this.maintenance = new Maintenance(this::everySecond, populator, failures);
    this.blocks = new BlockAdviser(guard, regions, auto);
    this.zeroing = new ZeroingSwitch(account, blocks, maintenance);
    this.plans = new PlanSwitch(backends, guard, sweep, blocks, maintenance, shutdown, log);
  }

  /**
   * For this machine, with nothing changed so far.
   *
   * @param systemWrites whether settings may be changed that reach beyond this process
   * @param samples whether regions see sampled faults
   * @param unusedBytes resident bytes of a region that nobody uses, -1 if unknown
   * @param failures takes what its thread throws
   */
  public static Preallocation open(
      RegionAccount account,
      boolean systemWrites,
      SampledFaults samples,
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
                new PopulateBackend(populator, samples)),
            pageBytes);
    return new Preallocation(account, backends, guard, populator, samples, unusedBytes, failures);
  }

  /** Tells of every change from now on; in the thread that makes it. */
  public void addListener(Consumer<Change> listener) {
    log.addListener(listener);
  }

  /** What the hooks ask when memory is allocated. */
  public BlockAdviser blocks() {
    return blocks;
  }

  /** Pages per fault in force. */
  public int pages() {
    return plans.plan().pages();
  }

  public boolean isAutomatic() {
    return plans.plan().automatic();
  }

  /** The backend that was asked for, {@code auto} if any will do. */
  public String backend() {
    return wantedBackend;
  }

  /** The one at work, or {@code none}. */
  public String backendInUse() {
    return plans.plan().backendName();
  }

  /** What the backend in use reaches, with what goes beyond the process. */
  public String scope() {
    Plan plan = plans.plan();
    String note = plan.isOn() ? plan.backend().note() : "";
    return note.isEmpty() ? plan.scope() : plan.scope() + " (" + note + ")";
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
    return log.last();
  }

  /** Resident bytes of preallocated regions that nobody uses, an estimate. Walks all of them. */
  public long unusedBytes() {
    return sweep.unusedBytes();
  }

  /** The same from as many regions as a few milliseconds allow; 0 where nothing ever was. */
  public long unusedBytesAtAGlance() {
    return sweep.unusedBytes(GLANCE_NANOS, plans.plan().isOn() || control.isInUse());
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
    return pages == 1 ? plans.end(Outcome.UNDONE, "") : begin(pages);
  }

  /**
   * Lets the agent choose for each region.
   *
   * @throws IllegalStateException if this machine has no backend for single regions
   */
  public synchronized Change setAutomatic(boolean automatic) {
    return automatic ? beginAutomatic() : plans.end(Outcome.UNDONE, "");
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
    Plan now = plans.plan();
    backends.choose(name, Math.max(2, now.pages()));
    wantedBackend = name;
    try {
      if (!now.isOn()) {
        return log.tell(now.to(now, Outcome.APPLIED, "the next change uses backend " + name));
      }
      return now.automatic() ? beginAutomatic() : begin(now.pages());
    } catch (IllegalStateException refused) {
      wantedBackend = before;
      throw refused;
    }
  }

  /** Who zeroes new regions: {@code jdk} or {@code kernel}. */
  public String zeroing() {
    return zeroing.word();
  }

  /**
   * Chooses who zeroes regions that are allocated from now on.
   *
   * @throws IllegalArgumentException if it is neither {@code jdk} nor {@code kernel}
   */
  public synchronized Change setZeroing(String who) {
    String before = zeroing.word();
    zeroing.set(who, plans.plan().isOn());
    String message = "zeroing " + before + " -> " + who;
    return log.tell(plans.plan().to(plans.plan(), Outcome.APPLIED, message));
  }

  /**
   * Sets the pages per fault of one live region.
   *
   * @throws IllegalArgumentException if there is no such region, or the pages are wrong for it
   * @throws IllegalStateException if it can't be done for a single region here
   */
  public synchronized Change setRegionPages(long regionId, int pages) {
    checkPages(pages);
    shutdown.add();
    return control.setPages(control.region(regionId), pages, plans.plan());
  }

  /**
   * Gives the kernel an advice on one live region.
   *
   * @param advice the name of an advice, as {@code hugepage}
   * @throws IllegalArgumentException if there is no such region, or the advice isn't for it
   * @throws IllegalStateException if the kernel refuses
   */
  public synchronized Change adviseRegion(long regionId, String advice) {
    return control.advise(control.region(regionId), advice, plans.plan());
  }

  /** Takes all changes back. */
  public synchronized List<Change> undo() {
    List<Change> undone = new ArrayList<>(control.undo(plans.plan()));
    if (plans.plan().isOn()) {
      undone.add(plans.end(Outcome.UNDONE, ""));
    }
    if (zeroing.isKernel()) {
      undone.add(setZeroing("jdk"));
    }
    return undone;
  }

  /** Ends all: after this nothing of the machine is changed and no thread of it runs. */
  public void close() {
    undo();
    maintenance.setOn(false);
    shutdown.remove();
    auto.close();
  }

  /** At the JVM's end regions go by themselves; what reaches beyond the process does not. */
  private synchronized void restoreSettings() {
    backends.all().forEach(Backend::stop);
  }

  private Change begin(int pages) {
    return plans.begin(backends.choose(wantedBackend, pages), pages);
  }

  private Change beginAutomatic() {
    auto.begin();
    return plans.beginAutomatic(backends.chooseForRegion(MOST_PAGES));
  }

  /** Once a second: is memory getting short, and what do samples say. */
  private void everySecond() {
    account.nameSites();
    guard.refresh();
    if (plans.plan().isOn() && !guard.allows(0)) {
      synchronized (this) {
        if (plans.plan().isOn()) {
          plans.end(Outcome.STOPPED, "memory is short: " + guard.refusal(0));
        }
      }
    }
    Plan now = plans.plan();
    if (now.automatic()) {
      auto.everySecond(now);
    }
  }

  private static void checkPages(int pages) {
    if (pages < 1 || pages > MOST_PAGES) {
      throw new IllegalArgumentException(
          "pages=%d must be 1 to %d; 1 is the kernel's normal behaviour"
              .formatted(pages, MOST_PAGES));
    }
  }
}
