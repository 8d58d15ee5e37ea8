package io.pfagent.prealloc;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Tells of changes, in the thread that makes them, and remembers the last one. */
final class ChangeLog {

  private final List<Consumer<Change>> listeners = new CopyOnWriteArrayList<>();
  private volatile Change last;

  void addListener(Consumer<Change> listener) {
    listeners.add(listener);
  }

  Change tell(Change change) {
    last = change;
    listeners.forEach(listener -> listener.accept(change));
    return change;
  }

  /** The last change or refusal, or null. */
  Change last() {
    return last;
  }
}
