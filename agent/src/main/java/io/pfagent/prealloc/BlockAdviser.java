package io.pfagent.prealloc;

import io.pfagent.account.Operation;
import io.pfagent.account.Region;
import io.pfagent.account.Span;
import io.pfagent.kernel.FreshMemory;
import io.pfagent.kernel.MallocBlock;

/**
 * What happens to a block between its allocation and its first touch, in the thread that allocates
 * it: nobody else knows its address yet. Costs two reads where nothing is on.
 */
public final class BlockAdviser {

  /** Below, the JDK's own zeroing takes no longer than to ask the kernel. */
  private static final long ZEROING_MIN_BYTES = 1 << 20;

  /** By which plan a block was advised, and when: before its first touch. */
  private record Advice(Plan plan, long nanos) {}

  private final MemoryGuard guard;
  private final LiveRegions regions;
  private final AutoPolicy auto;

  private volatile Plan plan = Plan.NONE;
  private volatile boolean zeroedByKernel;

  BlockAdviser(MemoryGuard guard, LiveRegions regions, AutoPolicy auto) {
    this.guard = guard;
    this.regions = regions;
    this.auto = auto;
  }

  void setPlan(Plan newPlan) {
    if (newPlan.backend() != null) {
      warmUp();
    }
    plan = newPlan;
  }

  boolean isZeroedByKernel() {
    return zeroedByKernel;
  }

  void setZeroedByKernel(boolean on) {
    if (on) {
      warmUp();
    }
    zeroedByKernel = on;
  }

  /**
   * The allocator has given memory to an operation, which knows it by now. What a reallocation got
   * may hold data.
   */
  public void located(Span span) {
    Plan now = plan;
    if (now.backend() == null && !zeroedByKernel) {
      return;
    }
    span.setAdvice(new Advice(now, System.nanoTime()));
    if (now.backend() instanceof MultiPageBackend) {
      span.setPreallocPages(now.pages());
    }
    if (!MallocBlock.isMappedByItself(span.base(), span.allocated())) {
      return;
    }
    // First of all: it would give away the page tables that a backend makes.
    if (zeroedByKernel
        && "jdk".equals(span.operation().zeroing())
        && span.allocated() >= ZEROING_MIN_BYTES
        && FreshMemory.zero(span.base(), span.allocated())) {
      span.setZeroedByKernel();
    }
    if (now.backend() instanceof HugePageBackend backend && guard.allows(span.size())) {
      advise(span, now, backend);
    }
  }

  /**
   * A region has been entered into the table. Whoever changes the plan sets it first and looks
   * through the table then, so a region that was advised by another plan than the one of now, and
   * may have been missed, is found here.
   */
  public void entered(Region region, Span span) {
    Plan now = plan;
    Advice advice = (Advice) span.advice();
    if (now.backend() == null && advice == null) {
      return;
    }
    if (advice != null && now.automatic()) {
      auto.measured(span, System.nanoTime() - advice.nanos(), now);
      if (advice.plan().isSameAs(now)) {
        auto.entered(region, span, now);
      }
    }
    Plan then = advice == null ? Plan.NONE : advice.plan();
    Plan later = plan;
    if (!then.isSameAs(later)) {
      regions.change(region, then, later);
    }
  }

  /** A hooked operation is about to set bytes from here on. */
  public void aboutToFill(long address, long bytes) {
    Plan now = plan;
    if (now.automatic()) {
      Region region = regions.at(address);
      if (region != null) {
        auto.aboutToFill(region, address, bytes, now);
      }
    }
  }

  /** In the thread that makes a change, rather than in the next one that allocates. */
  private void warmUp() {
    FreshMemory.warmUp();
    guard.allows(0);
    new Advice(plan, System.nanoTime()).plan().isSameAs(Plan.NONE);
  }

  private void advise(Span span, Plan now, HugePageBackend backend) {
    if (now.automatic() && !auto.wants(span)) {
      return;
    }
    boolean fresh = span.operation() != Operation.REALLOCATE;
    int pages = now.pages();
    span.setPreallocPages(
        fresh
            ? backend.adviseFresh(span.base(), span.allocated(), pages)
            : backend.adviseLive(span.base(), span.allocated(), pages));
  }
}
