package io.pfagent.account;

import java.util.concurrent.atomic.AtomicReference;

/**
 * Regions whose allocation site is told later. Just after much memory was used, to walk the stack
 * and to name a frame takes longer than all the rest of an allocation that touches no page: Java
 * code that is seldom run has left the processor's caches. To copy the stack does not.
 *
 * <p>A copied stack keeps its classes from being unloaded. So somebody must {@link #name} the sites
 * every now and then, as long as this {@link #isOn}.
 */
final class UnnamedSites {

  /** A stack takes about a kilobyte; who allocates faster than they are named names at once. */
  private static final int MOST = 1000;

  private final AllocationSite sites;
  private final Stack first = new Stack();
  private final AtomicReference<Stack> last = new AtomicReference<>();
  private volatile boolean on;

  UnnamedSites(AllocationSite sites) {
    this.sites = sites;
  }

  /**
   * Not an error: nothing else in Java copies a stack by native code alone. All are clones of one,
   * for JFR counts what a constructor of Throwable makes (jdk.ExceptionStatistics).
   */
  private static final class Stack extends Throwable implements Cloneable {
    private static final long serialVersionUID = 1;

    private transient Region region;
    private transient Stack before;
    private transient int count;

    private Stack() {
      super(null, null, false, true);
    }

    /** The calling thread's stack, from here on upwards. */
    Stack ofCurrentThread(Region of) {
      try {
        Stack stack = (Stack) clone();
        stack.fillInStackTrace();
        stack.region = of;
        return stack;
      } catch (CloneNotSupportedException impossible) {
        throw new IllegalStateException(impossible);
      }
    }
  }

  boolean isOn() {
    return on;
  }

  /** Whoever switches it on calls {@link #name} from then on; off names what there is. */
  void setOn(boolean newOn) {
    on = newOn;
    if (!newOn) {
      name();
    }
  }

  /**
   * Takes the calling thread's stack as that of the region's allocation.
   *
   * @return false if there are too many already; nothing is taken then
   */
  boolean add(Region region) {
    Stack head = last.get();
    if (head != null && head.count >= MOST) {
      return false;
    }
    Stack stack = first.ofCurrentThread(region);
    do {
      head = last.get();
      stack.before = head;
      stack.count = head == null ? 1 : head.count + 1;
    } while (!last.compareAndSet(head, stack));
    if (!on) {
      name(); // nobody else might, if it was switched off meanwhile
    }
    return true;
  }

  /** Tells all sites that are open, in any thread. Those of regions that are gone are of no use. */
  synchronized void name() {
    for (Stack stack = last.getAndSet(null); stack != null; stack = stack.before) {
      if (!stack.region.isFreed()) {
        stack.region.setSite(sites.of(stack.getStackTrace()));
      }
    }
  }
}
