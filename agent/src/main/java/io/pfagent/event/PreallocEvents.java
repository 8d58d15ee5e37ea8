package io.pfagent.event;

import io.pfagent.prealloc.Change;
import java.util.function.Consumer;

/**
 * Emits {@code pfagent.PreallocChange} and the kernel's settings as they are after it, in the
 * thread that makes the change.
 */
public final class PreallocEvents implements Consumer<Change> {

  private final MachineEvents machine;

  public PreallocEvents(MachineEvents machine) {
    this.machine = machine;
  }

  @Override
  public void accept(Change change) {
    PreallocChangeEvent event = new PreallocChangeEvent();
    event.oldPages = change.oldPages();
    event.newPages = change.newPages();
    event.backend = change.backend();
    event.scope = change.scope();
    event.regionId = change.regionId();
    event.outcome = change.outcome().label();
    event.message = change.message();
    event.commit();
    if (change.regionId() == 0) {
      machine.emitKernelSettings();
    }
  }
}
