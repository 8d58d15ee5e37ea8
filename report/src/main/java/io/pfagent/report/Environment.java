package io.pfagent.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Keeps the latest of the events that describe the machine, the JVM and what they allow. */
final class Environment {

  private static final long USUAL_PAGE_BYTES = 4096;

  private final Map<String, Latest<Capability>> capabilities = new TreeMap<>();
  private final Map<String, Latest<Calibration>> calibrations = new TreeMap<>();
  private final Latest<Kernel> kernel = new Latest<>();
  private final Latest<Jvm> jvm = new Latest<>();

  /** What {@code pfagent.KernelSettings} says; numbers may be {@link EventFields#UNKNOWN}. */
  record Kernel(
      String release,
      long pageSizeBytes,
      long multiPageAlloc,
      String thp,
      String mthp,
      long faultAroundBytes,
      long overcommit,
      long perfParanoid,
      long memoryLimitBytes) {}

  /** What {@code pfagent.Capability} says. */
  record Capability(String name, boolean available, String reason, String fallback) {}

  /**
   * What {@code pfagent.CostCalibration} says.
   *
   * @param costNanos of one fault
   */
  record Calibration(String operation, long pages, String pattern, long costNanos, long samples) {}

  /** What {@code jdk.JVMInformation} says. */
  record Jvm(String version, long pid) {}

  private static final class Latest<T> {
    private long nanos = Long.MIN_VALUE;
    private T value;

    void accept(long newNanos, T newValue) {
      if (newNanos >= nanos) {
        nanos = newNanos;
        value = newValue;
      }
    }
  }

  void kernelSettings(EventFields event) {
    kernel.accept(
        event.startNanos(),
        new Kernel(
            event.text("kernel"),
            event.number("pageSize"),
            event.number("multiPageAlloc"),
            event.text("thp"),
            event.text("mthp"),
            event.number("faultAroundBytes"),
            event.number("overcommit"),
            event.number("perfParanoid"),
            event.number("memoryLimit")));
  }

  void capability(EventFields event) {
    Capability capability =
        new Capability(
            event.text("name"),
            event.isTrue("available"),
            event.text("reason"),
            event.text("fallback"));
    capabilities
        .computeIfAbsent(String.valueOf(capability.name()), name -> new Latest<>())
        .accept(event.startNanos(), capability);
  }

  void calibration(EventFields event) {
    Calibration calibration =
        new Calibration(
            event.text("operation"),
            event.number("pages"),
            event.text("pattern"),
            event.nanos("cost"),
            event.number("samples"));
    String key =
        "%s %08d %s".formatted(calibration.operation, calibration.pages, calibration.pattern);
    calibrations
        .computeIfAbsent(key, name -> new Latest<>())
        .accept(event.startNanos(), calibration);
  }

  void jvm(EventFields event) {
    jvm.accept(event.startNanos(), new Jvm(event.text("jvmVersion"), event.number("pid")));
  }

  /** Null if the recording does not say. */
  Kernel kernel() {
    return kernel.value;
  }

  /** Bytes of a base page; the usual number if the recording does not say. */
  long pageBytes() {
    return kernel.value == null || kernel.value.pageSizeBytes() <= 0
        ? USUAL_PAGE_BYTES
        : kernel.value.pageSizeBytes();
  }

  /** Null if the recording does not say. */
  Jvm jvm() {
    return jvm.value;
  }

  /** By name. */
  List<Capability> capabilities() {
    return values(capabilities);
  }

  /** By operation, pages and pattern. */
  List<Calibration> calibrations() {
    return values(calibrations);
  }

  private static <T> List<T> values(Map<String, Latest<T>> latest) {
    List<T> values = new ArrayList<>();
    latest.values().forEach(each -> values.add(each.value));
    return values;
  }
}
