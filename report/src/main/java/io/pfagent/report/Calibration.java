package io.pfagent.report;

import io.pfagent.kernel.CallCost;
import io.pfagent.kernel.CallCosts;
import io.pfagent.kernel.Capability;
import io.pfagent.kernel.FirstWriteCosts;
import io.pfagent.kernel.JnaThreads;
import io.pfagent.kernel.KernelSettings;
import io.pfagent.kernel.MemoryHeadroom;
import io.pfagent.kernel.Rusage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What {@code calibrate} has measured.
 *
 * @param processor its model, or {@value Units#UNKNOWN}
 * @param bytes of the mapping whose pages were written
 */
record Calibration(
    KernelSettings settings,
    String processor,
    long bytes,
    CallCosts calls,
    FirstWriteCosts writes) {

  private static final Path CPUINFO = Path.of("/proc/cpuinfo");
  private static final String MODEL = "model name";

  /**
   * Looks whether this machine can be measured.
   *
   * @throws CommandException if not: it isn't Linux, or the C library can't be called
   */
  static void checkMachine() {
    Capability rusage = Rusage.capability();
    if (!rusage.available()) {
      throw new CommandException("cannot measure here: " + rusage.reason());
    }
  }

  /**
   * Measures on this machine, for some seconds.
   *
   * @param bytes as {@link CalibrationSize#parse} gives them
   * @throws CommandException if there isn't so much memory
   */
  static Calibration measure(long bytes) {
    CalibrationSize.checkFits(bytes, MemoryHeadroom.read());
    try {
      CallCosts calls = CallCosts.measure();
      FirstWriteCosts writes = FirstWriteCosts.measure(bytes);
      return new Calibration(KernelSettings.read(), processorModel(), bytes, calls, writes);
    } catch (IOException e) {
      throw new CommandException("cannot measure page faults: " + e.getMessage(), e);
    } finally {
      JnaThreads.end();
    }
  }

  /** What a call through JNA takes whose function does nothing. */
  double jnaNanos() {
    return median(CallCost.Kind.NATIVE);
  }

  /** What a call of a Java method takes. */
  double functionNanos() {
    return median(CallCost.Kind.JAVA);
  }

  /** What a call takes by itself: a system call without what JNA adds. */
  double ownNanos(CallCost cost) {
    double median = cost.perCall().medianNanos();
    return cost.kind() == CallCost.Kind.SYSTEM ? Math.max(0, median - jnaNanos()) : median;
  }

  private double median(CallCost.Kind kind) {
    return calls.costs().stream()
        .filter(cost -> cost.kind() == kind)
        .mapToDouble(cost -> cost.perCall().medianNanos())
        .findFirst()
        .orElseThrow();
  }

  private static String processorModel() {
    try {
      // Processors of other architectures than x86 have no name there.
      return Files.readAllLines(CPUINFO, StandardCharsets.ISO_8859_1).stream()
          .filter(line -> line.startsWith(MODEL))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(Units.UNKNOWN);
    } catch (IOException hidden) {
      return Units.UNKNOWN;
    }
  }
}
