package io.pfagent.jvm;

/**
 * The unwinder in {@code libpfagent.so}: one native method per function of {@code jni_unwind.c}.
 * They may be called once {@link CodeMapLibrary#open} has loaded it. An unwinder is for one thread
 * at a time.
 */
final class UnwinderLibrary {

  private UnwinderLibrary() {}

  /** The registers that a sample must have, as perf_event_open(2) takes them. */
  static native long registerMask();

  /**
   * Opens an unwinder.
   *
   * @param opened takes its handle and HotSpot's release
   * @return why not, or null
   */
  static native String open(long[] opened);

  static native void close(long handle);

  /** Begins a batch of samples; {@code unloadedClasses}: since the JVM's start. */
  static native void begin(long handle, long unloadedClasses);

  /** Takes back the names that were read in this batch. */
  static native void distrust(long handle, long unloadedClasses);

  /**
   * Walks a stack that was copied at a time before {@link #begin}.
   *
   * @return how many frames were written, see {@link PhysicalStack}
   */
  static native int unwind(
      long handle, long registers, long stack, int stackBytes, long nanoTime, long[] out);

  /** Walks the calling thread's own stack; 0 frames where that is not possible. */
  static native int unwindSelf(long handle, long nanoTime, long[] out);

  /** Calls {@code run()} as C++ calls Java. */
  static native void call(Runnable task);
}
