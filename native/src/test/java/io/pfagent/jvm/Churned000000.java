package io.pfagent.jvm;

/**
 * A class of which {@link ChurnedStacksProcess} makes many, by writing other digits into its class
 * file: each under a name of its own, so that a name that outlives its class is seen to be wrong.
 */
public final class Churned000000 implements Runnable {

  private final Runnable task;

  /** Runs a task, some calls deep. */
  public Churned000000(Runnable task) {
    this.task = task;
  }

  @Override
  public void run() {
    method000000(3);
  }

  private void method000000(int depth) {
    if (depth > 0) {
      method000000(depth - 1);
    } else {
      task.run();
    }
  }
}
