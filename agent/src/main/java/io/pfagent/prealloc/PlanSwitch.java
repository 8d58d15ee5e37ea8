package io.pfagent.prealloc;

import io.pfagent.prealloc.Change.Outcome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Puts plans into force and ends them. Used by one thread at a time; any thread may ask for the
 * plan.
 */
final class PlanSwitch {

  private final Backends backends;
  private final MemoryGuard guard;
  private final RegionSweep sweep;
  private final BlockAdviser blocks;
  private final Maintenance maintenance;
  private final ShutdownHook shutdown;
  private final ChangeLog log;

  private volatile Plan plan = Plan.NONE;

  PlanSwitch(
      Backends backends,
      MemoryGuard guard,
      RegionSweep sweep,
      BlockAdviser blocks,
      Maintenance maintenance,
      ShutdownHook shutdown,
      ChangeLog log) {
    this.backends = backends;
    this.guard = guard;
    this.sweep = sweep;
    this.blocks = blocks;
    this.maintenance = maintenance;
    this.shutdown = shutdown;
    this.log = log;
  }

  Plan plan() {
    return plan;
  }

  /**
   * Has new and live regions get so many pages per fault.
   *
   * @throws IllegalStateException if memory is short, or this machine can't do it
   */
  Change begin(Backends.Choice choice, int wantedPages) {
    Plan before = plan;
    checkGuard(choice);
    List<String> notes = replace(before, choice, false);
    if (plan.pages() != wantedPages) {
      String missing = choice.backend().missing(wantedPages);
      notes.add(
          wantedPages + " can't be given exactly" + (missing.isEmpty() ? "" : ", " + missing));
    }
    notes.add(sweep.advise(plan) + " live regions advised");
    Outcome outcome = plan.pages() == wantedPages ? Outcome.APPLIED : Outcome.ROUNDED;
    return tell(before, outcome, notes);
  }

  /**
   * Has each region decided on by itself.
   *
   * @throws IllegalStateException if memory is short, or this machine can't do it
   */
  Change beginAutomatic(Backends.Choice choice) {
    Plan before = plan;
    checkGuard(choice);
    List<String> notes = replace(before, choice, true);
    notes.add(
        "automatic: each region is decided on by what is seen of its use, " + AutoPolicy.LIMIT);
    return tell(before, Outcome.APPLIED, notes);
  }

  /**
   * Ends preallocation.
   *
   * @param reason may be empty
   */
  Change end(Outcome outcome, String reason) {
    Plan before = plan;
    List<String> notes = new ArrayList<>(List.of(reason));
    setPlan(Plan.NONE);
    stop(before, notes);
    maintenance.setOn(blocks.isZeroedByKernel());
    return tell(before, outcome, notes);
  }

  /** Gives what there is to note of the plan's end and of the start of the next. */
  private List<String> replace(Plan before, Backends.Choice choice, boolean automatic) {
    List<String> notes = new ArrayList<>();
    setPlan(Plan.NONE);
    stop(before, notes);
    try {
      shutdown.add();
      int given = choice.backend().start(choice.pages());
      setPlan(new Plan(given, choice.backend(), automatic));
    } catch (IOException refused) {
      String message = choice.backend().name() + ": " + refused.getMessage();
      log.tell(before.to(plan, Outcome.REFUSED, message));
      throw new IllegalStateException(message + "; preallocation is off now", refused);
    }
    maintenance.setOn(true);
    notes.add(choice.backend().note());
    return notes;
  }

  /** Before the table is looked through, so that no region is missed: see {@link BlockAdviser}. */
  private void setPlan(Plan newPlan) {
    plan = newPlan;
    blocks.setPlan(newPlan);
  }

  /** Regions first: a size that is switched off is of no use to them any more. */
  private void stop(Plan before, List<String> notes) {
    if (before.isOn()) {
      notes.addAll(sweep.unadvise(before));
      notes.addAll(before.backend().stop());
    }
  }

  private void checkGuard(Backends.Choice choice) {
    long unit = choice.pages() * backends.pageBytes();
    if (!guard.allows(unit)) {
      String message = guard.refusal(unit);
      log.tell(plan.to(plan, Outcome.REFUSED, message));
      throw new IllegalStateException(message);
    }
  }

  private Change tell(Plan before, Outcome outcome, List<String> notes) {
    notes.removeIf(String::isEmpty);
    return log.tell(before.to(plan, outcome, String.join("; ", notes)));
  }
}
