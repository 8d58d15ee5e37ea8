package io.pfagent.jvm;

import io.pfagent.kernel.Capability;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * Finds the frames of a thread whose registers and stack the kernel copied when it took a sample
 * (PERF_SAMPLE_REGS_USER and PERF_SAMPLE_STACK_USER, see perf_event_open(2)). The thread itself
 * runs nothing of ours; the JVM needs no flag.
 *
 * <p>The layout of HotSpot's structures is taken from the JVM's own tables, and whoever opens an
 * unwinder has it prove itself on a known stack first. All memory of the JVM is read in ways that
 * cannot fault: a walk that meets something strange ends, and says so.
 *
 * <p>For one thread at a time: that which drains the samples.
 */
public final class StackUnwinder implements AutoCloseable {

  private static final String NAME = "copied-stacks";
  private static final String FALLBACK =
      "frame pointers where the JVM keeps them, else the top frame only";

  /** The releases of HotSpot that the tests have proven it on. */
  private static final Set<Long> PROVEN_RELEASES = Set.of(17L, 25L);

  private static final String PROVEN_PROCESSOR = "amd64";

  private final Capability capability;
  private final LongSupplier unloads;
  private long handle;
  private long unloadedClasses;
  private long batchTime;

  private StackUnwinder(Capability capability, long handle, LongSupplier unloads) {
    this.capability = capability;
    this.handle = handle;
    this.unloads = unloads;
  }

  /**
   * Opens an unwinder, if this JVM is one of those known and a walk of a known stack gives what
   * {@link Throwable} tells of it. Takes some milliseconds and a thread that ends.
   *
   * @param code must be open as long as the unwinder is used
   * @param unloads how many classes the JVM has unloaded since its start, for example {@code
   *     ClassLoadingMXBean::getUnloadedClassCount}: an interpreted frame has a name only if none
   *     was between its sample and the reading of the name. Asked once per batch of samples, and
   *     after names were read
   * @return an unwinder, of which {@link #capability()} says whether it works
   */
  public static StackUnwinder open(CodeMap code, LongSupplier unloads) {
    return open(code, unloads, PROVEN_RELEASES);
  }

  /** For tests of other releases. */
  static StackUnwinder open(CodeMap code, LongSupplier unloads, Set<Long> releases) {
    if (!code.capability().available()) {
      return refused("it is in libpfagent.so, and " + code.capability().reason());
    }
    String processor = System.getProperty("os.arch");
    if (!processor.equals(PROVEN_PROCESSOR)) {
      return refused("it is proven on " + PROVEN_PROCESSOR + " only, and this is " + processor);
    }
    long[] opened = new long[2];
    String refusal = UnwinderLibrary.open(opened);
    if (refusal != null) {
      return refused(refusal);
    }
    StackUnwinder unwinder =
        new StackUnwinder(new Capability(NAME, true, "", ""), opened[0], unloads);
    refusal =
        releases.contains(opened[1])
            ? new UnwinderSelfTest(unwinder, code).run()
            : "it is proven on HotSpot " + listed(releases) + ", and this is " + opened[1];
    if (!refusal.isEmpty()) {
      unwinder.close();
      return refused(refusal);
    }
    return unwinder;
  }

  /** Whether it works here; if not, nothing else may be called but {@link #close()}. */
  public Capability capability() {
    return capability;
  }

  /** The registers that samples must have: {@code sample_regs_user} of perf_event_open(2). */
  public long registerMask() {
    return UnwinderLibrary.registerMask();
  }

  /**
   * Walks a stack. Both addresses may point into the ring; a record that wraps around its end must
   * be copied together first, which few do.
   *
   * @param registers address of the sample's user registers: the words of {@link #registerMask()}
   *     in the order of its bits, behind the sample's ABI word, which must be
   *     PERF_SAMPLE_REGS_ABI_64
   * @param stack address of the copied bytes
   * @param stackBytes how many there are: the sample's {@code dyn_size}
   * @param nanoTime when the sample was taken, as of {@link System#nanoTime()}
   * @param out takes the frames
   */
  public synchronized void unwind(
      long registers, long stack, int stackBytes, long nanoTime, PhysicalStack out) {
    if (handle == 0) {
      out.filled(0);
      return;
    }
    if (nanoTime - batchTime > 0) {
      begin();
    }
    out.filled(UnwinderLibrary.unwind(handle, registers, stack, stackBytes, nanoTime, out.data()));
    proveNames(out);
  }

  /** Gives the unwinder's memory back; the code map stays. */
  @Override
  public synchronized void close() {
    if (handle != 0) {
      UnwinderLibrary.close(handle);
      handle = 0;
    }
  }

  /** The calling thread's own stack, for the self-test. */
  synchronized void unwindSelf(PhysicalStack out) {
    begin();
    out.filled(UnwinderLibrary.unwindSelf(handle, System.nanoTime(), out.data()));
    proveNames(out);
  }

  /** What was read of the JVM is read anew, for samples that were taken before now. */
  private void begin() {
    batchTime = System.nanoTime();
    unloadedClasses = unloads.getAsLong();
    UnwinderLibrary.begin(handle, unloadedClasses);
  }

  /** Names that were read just now hold if no class was unloaded while they were read. */
  private void proveNames(PhysicalStack out) {
    if (out.hasUnprovenNames()) {
      long unloadedNow = unloads.getAsLong();
      if (unloadedNow != unloadedClasses) {
        out.withholdNames();
        unloadedClasses = unloadedNow;
        UnwinderLibrary.distrust(handle, unloadedNow);
      }
      out.settle();
    }
  }

  private static StackUnwinder refused(String reason) {
    return new StackUnwinder(new Capability(NAME, false, reason, FALLBACK), 0, () -> 0);
  }

  private static String listed(Set<Long> releases) {
    return releases.stream().sorted().map(String::valueOf).collect(Collectors.joining(" and "));
  }
}
