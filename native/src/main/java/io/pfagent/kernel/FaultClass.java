package io.pfagent.kernel;

/** The faults that one perf event counts. */
enum FaultClass {
  /** Raised by the program itself, and served without waiting for a device. */
  USER_MINOR(false, false),
  /** Raised by the program itself, and waited for a device. */
  USER_MAJOR(false, true),
  /** Raised by the kernel, as where read(2) fills fresh memory. */
  KERNEL_MINOR(true, false),
  /** Raised by the kernel, and waited for a device. */
  KERNEL_MAJOR(true, true);

  private final boolean inKernel;
  private final boolean isMajor;

  FaultClass(boolean inKernel, boolean isMajor) {
    this.inKernel = inKernel;
    this.isMajor = isMajor;
  }

  boolean inKernel() {
    return inKernel;
  }

  boolean isMajor() {
    return isMajor;
  }
}
