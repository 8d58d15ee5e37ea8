package io.pfagent.kernel;

import io.pfagent.kernel.CallCost.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * Measures function calls and system calls, as native/bench does in C: all through one pointer, so
 * that they differ by the call alone. Here this is a call through an interface with more
 * implementations than HotSpot inlines, so that the plain function is called too.
 *
 * @param costs in the order in which they read best
 * @param left what this machine doesn't have or allow
 */
public record CallCosts(List<CallCost> costs, List<NotMeasured> left) {

  /** Rounds are short and take turns: what disturbs the machine meets all of them, or few. */
  private static final int ROUNDS = 51;

  /** Changes nothing: it is what memory has anyway. */
  private static final int MADV_NORMAL = 0;

  private static final int FUNCTION_CALLS = 200_000;
  private static final int NATIVE_CALLS = 5_000;

  /** Enough for the last compiler, with the interface's implementations evenly mixed. */
  private static final int WARM_UP_TURNS = 1_000;

  private static final int WARM_UP_CALLS = 50;

  /** The function's argument; a field, so that no compiler knows the result beforehand. */
  private static long argument = -1;

  /** One of the things to call, which gives -1 where it is denied. */
  private record Target(String call, String operation, Kind kind, LongSupplier function) {

    int callsPerRound() {
      return kind == Kind.JAVA ? FUNCTION_CALLS : NATIVE_CALLS;
    }
  }

  /**
   * Takes less than a second.
   *
   * @throws IllegalStateException where the C library can't be called; {@link Rusage#capability()}
   *     tells
   */
  public static CallCosts measure() {
    if (!LibC.AVAILABLE) {
      throw new IllegalStateException(LibC.CAPABILITY.reason());
    }
    long pageSize = LibC.pageSize();
    long page = LibC.mmap(0, pageSize, LibC.PROT_READ_WRITE, LibC.MAP_PRIVATE_ANONYMOUS, -1, 0);
    try {
      List<NotMeasured> left = new ArrayList<>();
      List<Target> targets = targets(page, pageSize, left);
      return new CallCosts(measure(targets), List.copyOf(left));
    } finally {
      if (page != LibC.MAP_FAILED) {
        LibC.munmap(page, pageSize);
      }
    }
  }

  private static List<Target> targets(long page, long pageSize, List<NotMeasured> left) {
    List<Target> targets = new ArrayList<>();
    targets.add(new Target("Java method", "java-call", Kind.JAVA, () -> -argument));
    targets.add(
        new Target("labs(n), JNA", "jna-call", Kind.NATIVE, () -> CallTargets.labs(argument)));
    OptionalLong getpid = CallTargets.getpidNumber(System.getProperty("os.arch", ""));
    if (getpid.isPresent()) {
      long number = getpid.getAsLong();
      add(targets, left, "getpid()", "getpid", () -> CallTargets.syscall(number));
    } else {
      left.add(new NotMeasured("getpid()", "its number on this architecture isn't known here"));
    }
    Optional<MultiPageAlloc> patched = MultiPageAlloc.open();
    if (patched.isPresent()) {
      long number = CallTargets.HELLO_KERNEL;
      add(targets, left, "hello_kernel()", "hello_kernel", () -> CallTargets.syscall(number));
      add(targets, left, "multi_page_alloc(0)", "multi_page_alloc", patched.get()::pages);
    } else {
      left.add(
          new NotMeasured(
              "hello_kernel(), multi_page_alloc(0)",
              "this kernel lacks the patch: there is no /proc/self/multi_page_alloc"));
    }
    Rusage usage = new Rusage();
    add(targets, left, "getrusage(RUSAGE_THREAD)", "getrusage", () -> usage.readThread() ? 0 : -1);
    add(
        targets,
        left,
        "madvise(page, MADV_NORMAL)",
        "madvise",
        () -> LibC.madvise(page, pageSize, MADV_NORMAL));
    return targets;
  }

  private static void add(
      List<Target> targets,
      List<NotMeasured> left,
      String call,
      String operation,
      LongSupplier function) {
    if (function.getAsLong() == -1) {
      left.add(new NotMeasured(call, "denied: " + Errno.name(LibC.errno())));
    } else {
      targets.add(new Target(call, operation, Kind.SYSTEM, function));
    }
  }

  private static List<CallCost> measure(List<Target> targets) {
    for (int turn = 0; turn < WARM_UP_TURNS; turn++) {
      targets.forEach(target -> call(target.function, WARM_UP_CALLS));
    }
    double[][] nanos = new double[targets.size()][ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      for (int i = 0; i < nanos.length; i++) {
        Target target = targets.get(i);
        nanos[i][round] = nanosPerCall(target.function, target.callsPerRound());
      }
    }
    List<CallCost> costs = new ArrayList<>();
    for (int i = 0; i < nanos.length; i++) {
      Target target = targets.get(i);
      costs.add(new CallCost(target.call, target.operation, target.kind, RoundTimes.of(nanos[i])));
    }
    return List.copyOf(costs);
  }

  private static double nanosPerCall(LongSupplier function, int calls) {
    long start = System.nanoTime();
    call(function, calls);
    return (double) (System.nanoTime() - start) / calls;
  }

  /** Calls that aren't inlined can't be left out either. */
  private static void call(LongSupplier function, int calls) {
    for (int i = 0; i < calls; i++) {
      long unused = function.getAsLong();
    }
  }
}
