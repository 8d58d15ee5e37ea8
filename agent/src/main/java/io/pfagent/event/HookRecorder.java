package io.pfagent.event;

import io.pfagent.account.FaultCosts;
import io.pfagent.account.FaultCount;
import io.pfagent.account.Operation;
import io.pfagent.account.Region;
import io.pfagent.account.RegionAccount;
import io.pfagent.account.Span;
import io.pfagent.boot.PfagentHooks;
import io.pfagent.kernel.Rusage;
import io.pfagent.prealloc.BlockAdviser;
import java.util.function.Consumer;

/**
 * What the hooks call: counts the faults of an operation, books them, and emits its event.
 *
 * <p>Events with a stack are committed in {@link #exit} itself, so that no more than this frame and
 * that of {@link PfagentHooks} stand above the woven method where JFR can't leave them out.
 */
public final class HookRecorder implements PfagentHooks.Handler {

  private static final Operation[] OPERATIONS = Operation.values();

  /** Never committed: JFR answers "enabled?" through an instance. */
  private static final RegionAllocationEvent ALLOCATION = new RegionAllocationEvent();

  private static final RegionFreeEvent FREE = new RegionFreeEvent();
  private static final RegionTouchEvent TOUCH = new RegionTouchEvent();

  private final RegionAccount account;
  private final FaultCosts costs;
  private final long minSize;
  private final boolean canCount;
  private final long pageSize;
  private final BlockAdviser blocks;
  private final Consumer<Throwable> failures;

  /**
   * @param minSize bytes from which on a region is tracked
   * @param canCount whether {@code getrusage(RUSAGE_THREAD)} can be had
   * @param pageSize bytes of a base page
   * @param blocks advises the kernel on new memory
   * @param failures takes what the hooks keep from the application
   */
  public HookRecorder(
      RegionAccount account,
      FaultCosts costs,
      long minSize,
      boolean canCount,
      long pageSize,
      BlockAdviser blocks,
      Consumer<Throwable> failures) {
    this.account = account;
    this.costs = costs;
    this.minSize = minSize;
    this.canCount = canCount;
    this.pageSize = pageSize;
    this.blocks = blocks;
    this.failures = failures;
  }

  /**
   * Loads what the hooks will use, so that no class is loaded, and no bootstrap method run, inside
   * the application's first large allocation.
   */
  public void warmUp() {
    PfagentHooks.carrierThread();
    Span span = new Span(Operation.METHOD, null, 0, 1, "warm-up");
    beginEvent(span);
    span.begin(Thread.currentThread(), 0, 0);
    span.locate(1, 1, 1);
    costs.timeNanos(span.end(Thread.currentThread(), 0, 0));
    account.warmUp();
  }

  @Override
  public Object enter(
      PfagentHooks.ThreadState state, int code, long address, long size, String detail) {
    Operation operation = OPERATIONS[code];
    Span outer = (Span) state.span;
    if (outer != null && outer.absorbs(operation, detail)) {
      return operation == Operation.ALLOCATE
          ? new Span(operation, outer, address, size, detail)
          : null;
    }
    Span span = new Span(operation, outer, address, size, detail);
    if (operation == Operation.REALLOCATE) {
      span.setReplaced(account.freed(address));
    }
    if (operation == Operation.SET || operation == Operation.COPY) {
      blocks.aboutToFill(address, size);
    }
    beginEvent(span);
    state.span = span;
    begin(state, span);
    return span;
  }

  @Override
  public void exit(PfagentHooks.ThreadState state, Object token, long address) {
    Span span = (Span) token;
    if (span.isPartOf(span.outer())) {
      locate(span, address);
      return;
    }
    FaultCount faults = end(state, span);
    state.span = span.outer();
    PageFaultEvent event =
        span.operation().allocates() ? allocated(span, address, faults) : touched(span, faults);
    if (event != null) {
      event.commit();
    }
  }

  @Override
  public void mapped(PfagentHooks.ThreadState state, long base, long address) {
    Span span = (Span) state.span;
    if (span.operation() == Operation.MAP) {
      span.locate(base, address, span.size());
    }
  }

  @Override
  public boolean isZero(PfagentHooks.ThreadState state, long address, long size) {
    Span span = (Span) state.span;
    if (!span.isZeroedByKernel() || !span.holds(address, size)) {
      return false;
    }
    span.skipZeroing();
    return true;
  }

  @Override
  public boolean tracks(long address) {
    return account.table().tracks(address);
  }

  @Override
  public void free(long address) {
    Region region = account.freed(address);
    if (region != null) {
      emitFree(region);
    }
  }

  @Override
  public void failed(Throwable failure) {
    failures.accept(failure);
  }

  private static void beginEvent(Span span) {
    if (span.operation().allocates()) {
      if (ALLOCATION.isEnabled()) {
        RegionAllocationEvent event = new RegionAllocationEvent();
        span.setEvent(event);
        event.begin();
      }
    } else if (TOUCH.isEnabled()) {
      RegionTouchEvent event = new RegionTouchEvent();
      span.setEvent(event);
      event.begin();
    }
  }

  /** The last act before the operation: what the agent itself costs is not counted. */
  private void begin(PfagentHooks.ThreadState state, Span span) {
    Thread carrier = PfagentHooks.carrierThread();
    if (readFaults(state)) {
      span.begin(carrier, Rusage.minorFaults(state.rusage), Rusage.majorFaults(state.rusage));
    } else {
      span.begin(carrier, -1, -1);
    }
  }

  private FaultCount end(PfagentHooks.ThreadState state, Span span) {
    return readFaults(state)
        ? span.end(
            PfagentHooks.carrierThread(),
            Rusage.minorFaults(state.rusage),
            Rusage.majorFaults(state.rusage))
        : FaultCount.UNKNOWN;
  }

  private boolean readFaults(PfagentHooks.ThreadState state) {
    if (!canCount) {
      return false;
    }
    if (state.rusage == null) {
      state.rusage = Rusage.newBuffer();
      state.rusageAddress = Rusage.address(state.rusage);
    }
    return Rusage.getrusageThread(state.rusageAddress) == 0;
  }

  /** An allocator that was asked for more than the outer operation wants aligns what it got. */
  private void locate(Span part, long base) {
    Span whole = part.outer();
    boolean aligned = whole.operation() == Operation.DIRECT_BUFFER && part.size() > whole.size();
    long usable = aligned ? (base + pageSize - 1) & -pageSize : base;
    whole.locate(base, usable, part.size());
    if (whole.base() != 0 && whole.region() == null && whole.operation() != Operation.REALLOCATE) {
      if ("jdk".equals(whole.operation().zeroing())) {
        blocks.located(whole); // first: nobody else finds the region before it is in the table
      }
      account.located(whole);
    }
  }

  /** The event to commit, or null. */
  private RegionAllocationEvent allocated(Span span, long address, FaultCount faults) {
    span.returned(address);
    boolean failed = span.base() == 0;
    if (span.replaced() != null) {
      if (failed && span.size() > 0) {
        account.restore(span.replaced());
      } else {
        emitFree(span.replaced());
      }
    }
    if (failed || span.size() < minSize) {
      account.claim(faults);
      return null;
    }
    if (span.operation() == Operation.ALLOCATE || span.operation() == Operation.REALLOCATE) {
      blocks.located(span);
    }
    Region region = account.allocated(span, faults);
    if (region != null) {
      blocks.entered(region, span);
    }
    RegionAllocationEvent event = (RegionAllocationEvent) span.event();
    if (region == null || event == null) {
      return null;
    }
    event.end();
    if (!event.shouldCommit()) {
      return null;
    }
    event.regionId = region.id();
    event.kind = region.kind().label();
    event.address = region.address();
    event.size = region.size();
    event.path = region.path();
    event.minorFaults = faults.minor();
    event.majorFaults = faults.major();
    event.faultTime = costs.timeNanos(faults);
    event.preallocPages = region.preallocPages();
    event.zeroing = span.zeroing();
    return event;
  }

  /** The event to commit, or null where nothing has faulted. */
  private RegionTouchEvent touched(Span span, FaultCount faults) {
    Region region = account.touched(span.address(), faults);
    RegionTouchEvent event = (RegionTouchEvent) span.event();
    if (event == null || (faults.isKnown() && !faults.any())) {
      return null;
    }
    event.end();
    if (!event.shouldCommit()) {
      return null;
    }
    event.regionId = region == null ? 0 : region.id();
    event.operation = span.operation().label();
    event.method = span.detail() == null ? span.operation().method() : span.detail();
    event.bytes = span.size();
    event.minorFaults = faults.minor();
    event.majorFaults = faults.major();
    event.faultTime = costs.timeNanos(faults);
    return event;
  }

  private void emitFree(Region region) {
    if (!FREE.isEnabled()) {
      return;
    }
    RegionFreeEvent event = new RegionFreeEvent();
    event.regionId = region.id();
    event.kind = region.kind().label();
    event.address = region.address();
    event.size = region.size();
    event.lifetime = region.lifetimeNanos(System.nanoTime());
    event.minorFaults = region.minorFaults();
    event.majorFaults = region.majorFaults();
    event.faultTime = costs.timeNanos(region.minorFaults(), region.majorFaults());
    event.unusedBytes = region.unusedBytes();
    event.commit();
  }
}
